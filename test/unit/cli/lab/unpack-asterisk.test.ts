import { expect } from 'chai'
import { describe, it } from 'mocha'
import { aptConfiguration } from '../../../../cli/lab/unpack-asterisk.ts'

describe('aptConfiguration', () => {
  const text = aptConfiguration('/cache/part/apt')

  it('gives apt a state of its own, so that nothing of the machine is changed', () => {
    expect(text).to.contain('Dir::State::Status "/cache/part/apt/status";\n').and.to.contain('Dir::State::Lists "/cache/part/apt/lists";\n').and.to.contain('Dir::Cache "/cache/part/apt/cache";\n')
  })

  it('does not read the sources and pins of the machine', () => {
    expect(text).to.contain('Dir::Etc::SourceParts "/dev/null";\n').and.to.contain('Dir::Etc::PreferencesParts "/dev/null";\n')
  })

  it('never switches off the check of signatures', () => {
    expect(text).not.to.match(/AllowUnauthenticated|AllowInsecure|trusted/i)
  })
})
