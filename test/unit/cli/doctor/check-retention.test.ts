import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkRetention } from '../../../../cli/doctor/check-retention.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

describe('the examination of the rules of retention', () => {
  it('is silent where there is no file, and content with one that can be read', async () => {
    expect(checkRetention({ retention: { rulesFile: null } })).to.deep.equal([])
    const rulesFile = join(await temporaryDirectory(), 'retention.yaml')
    await writeFile(rulesFile, 'rules: []\ndefault: { name: everything }\n')
    expect(checkRetention({ retention: { rulesFile } })).to.deep.equal([{ subject: 'retention', status: 'ok', found: `${rulesFile} can be read`, advice: null }])
  })

  it('is one failure for a file that is wrong, without the values in it, or that is not there', async () => {
    const rulesFile = join(await temporaryDirectory(), 'retention.yaml')
    expect(checkRetention({ retention: { rulesFile } }).map(({ status }) => status)).to.deep.equal(['fail'])
    await writeFile(rulesFile, 'default: { name: everything }\nrules: [{ name: x, when: { caller: { prefixx: "+4930123" } } }]\n')
    const [check, ...others] = checkRetention({ retention: { rulesFile } })
    expect(others).to.deep.equal([])
    expect(check).to.deep.include({ status: 'fail', advice: `holdfast retention check ${rulesFile}` })
    expect(check?.found).to.include('the first in line 2').and.not.include('4930123')
  })
})
