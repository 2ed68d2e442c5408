import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { guardedField } from '../../../../adapters/wire/line-guard.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'

describe('guardedField', () => {
  it('gives a harmless value back as it was', () => {
    for (const value of ['', 'a b', 'Zürich – 東京 ☎', `"quoted", 'single'; a=b: \\ %0D`]) expect(guardedField({ name: 'Value', value, maxBytes: 100 })).to.equal(value)
  })

  it('refuses every control character', () => {
    for (let code = 0; code < 0x20; code += 1) expect(refusal(`a${String.fromCharCode(code)}b`)).to.equal('FIELD_REFUSED')
    expect(refusal('a\u007Fb')).to.equal('FIELD_REFUSED')
  })

  it('counts bytes, not characters', () => {
    expect(refusal('é'.repeat(50))).to.equal(null)
    expect(refusal('é'.repeat(51))).to.equal('FIELD_REFUSED')
  })

  it('never lets a line end through', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (value) => refusal(value) !== null || !/[\r\n\0]/.test(value)))
  })

  it('names the field, not the value, in its refusal', () => {
    const refuse = (): string => guardedField({ name: 'Secret', value: 'hunter2\n', maxBytes: 100 })
    expect(refuse).to.throw('Secret')
    expect(refuse).not.to.throw('hunter2')
  })
})

function refusal(value: string): string | null {
  try {
    guardedField({ name: 'Value', value, maxBytes: 100 })
    return null
  } catch (error) {
    return isHoldfastError(error) ? error.code : 'bug'
  }
}
