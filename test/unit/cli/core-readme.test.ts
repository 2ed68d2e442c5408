import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { ERROR_CODES } from '../../../core/domain/errors.ts'
import { FINDING_CODES } from '../../../core/domain/media.ts'

const README = readFileSync(join(import.meta.dirname, '../../../core/README.md'), 'utf8')

describe('core/README.md', () => {
  it('lists every error code as errors.ts has it, in its order, each with a meaning', () => {
    const rows = [...README.matchAll(/^\| `([A-Z_]+)` \| (yes|no) \| (\w+) \| (.*) \|$/gm)].map(([, code, retry, audience]) => ({ code, retry: retry === 'yes', audience }))
    expect(rows).to.deep.equal(Object.entries(ERROR_CODES).map(([code, { retry, audience }]) => ({ code, retry, audience })))
    expect(README).not.to.match(/^\| `[A-Z_]+` \| .* \|\s*\|$/m)
  })

  it('lists every finding', () => {
    const rows = [...README.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, code]) => code)
    expect(rows).to.deep.equal([...FINDING_CODES])
  })
})
