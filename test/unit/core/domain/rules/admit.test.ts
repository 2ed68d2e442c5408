import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { ATTACHED_SOURCES, type AttachedSource } from '../../../../../core/domain/attached-data.ts'
import { admit, type Admission, MASKED_VALUE } from '../../../../../core/domain/rules/admit.ts'
import { type AttachedKey, builtInKeys, defaultKey, faultsOfSchema, keysFrom, makeAttachedSchema } from '../../../../../core/domain/rules/attached-schema.ts'
import { isCardNumber, maskCardNumbers } from '../../../../../core/domain/rules/card-number.ts'
import { DEFAULT_FACT_KEYS } from '../../../../../core/domain/rules/decision-input.ts'
import { runs } from '../../../../support/property-runs.ts'

const key = (name: string, given: Partial<AttachedKey> = {}): AttachedKey => ({ ...defaultKey(name, DEFAULT_FACT_KEYS), ...given })
const SCHEMA = makeAttachedSchema([
  key('NOTE'),
  key('SHORT', { maxBytes: 4 }),
  key('AMOUNT', { type: 'number' }),
  key('DUE', { type: 'date' }),
  key('CARD', { store: 'never' }),
  key('PIN', { store: 'masked' }),
  key('SIP', { sources: ['sip-header'] }),
  key('RAW', { cardNumbers: 'kept' }),
], DEFAULT_FACT_KEYS)
const of = (name: string, value: string, source: AttachedSource = 'dialplan'): Admission => admit(SCHEMA, { key: name, value, source })
const VISA = '4111111111111111'

describe('admit', () => {
  it('keeps what is listed, as normal text', () => {
    expect(of('NOTE', 'gold')).to.deep.equal({ outcome: 'kept', value: 'gold' })
    expect(of('NOTE', '')).to.deep.equal({ outcome: 'kept', value: '' })
    expect(of('NOTE', 'cafe\u0301 \ud800')).to.deep.equal({ outcome: 'kept', value: 'caf\u00e9 \ufffd' })
  })

  it('refuses what is not listed, a prototype\'s words among it', () => {
    for (const name of ['OTHER', 'constructor', '__proto__', 'note']) expect(of(name, 'x'), name).to.deep.equal({ outcome: 'refused', reason: 'not-listed' })
  })

  it('lets a value that is never stored no further, whatever it is and wherever it comes from', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom(...ATTACHED_SOURCES), (value, source) => {
      expect(of('CARD', value, source)).to.deep.equal({ outcome: 'refused', reason: 'never-stored' })
    }))
  })

  it('keeps of a masked value only that there was one', () => {
    expect(of('PIN', '1234')).to.deep.equal({ outcome: 'masked', value: MASKED_VALUE, because: 'key' })
    expect(of('PIN', '')).to.deep.equal({ outcome: 'masked', value: '', because: 'key' })
  })

  it('counts bytes, not characters', () => {
    expect(of('SHORT', 'abcd').outcome).to.equal('kept')
    for (const value of ['abcde', 'äöü', '😀a', 'x'.repeat(1e6)]) expect(of('SHORT', value), value.slice(0, 9)).to.deep.equal({ outcome: 'refused', reason: 'too-long' })
    expect(of('SHORT', '\u0958a'), 'longer when normalised').to.deep.equal({ outcome: 'refused', reason: 'too-long' })
  })

  it('takes numbers and dates that ranges can compare, and no others', () => {
    expect([of('AMOUNT', '-12.50').outcome, of('AMOUNT', '').outcome, of('DUE', '2026-03-01').outcome, of('DUE', '').outcome]).to.deep.equal(['kept', 'kept', 'kept', 'kept'])
    expect(of('AMOUNT', '12,50')).to.deep.equal({ outcome: 'refused', reason: 'not-a-number' })
    expect(of('DUE', '01.03.2026')).to.deep.equal({ outcome: 'refused', reason: 'not-a-date' })
  })

  it('takes a key from its sources only', () => {
    expect(of('NOTE', 'x', 'sip-header')).to.deep.equal({ outcome: 'refused', reason: 'source-not-allowed' })
    expect(of('SIP', 'x', 'sip-header').outcome).to.equal('kept')
    for (const name of ['record', 'GRECORD_PARTITIONS', 'agent', 'BUSINESS_UNIT']) {
      for (const source of ATTACHED_SOURCES) {
        expect(of(name, '/sales', source).outcome, `${name} from ${source}`).to.equal(source === 'dialplan' || source === 'api' ? 'kept' : 'refused')
      }
    }
  })

  it('masks card numbers in any text, unless they are wanted', () => {
    expect(of('NOTE', `card ${VISA} please`)).to.deep.equal({ outcome: 'masked', value: 'card ****1111 please', because: 'card-number' })
    expect(of('RAW', VISA)).to.deep.equal({ outcome: 'kept', value: VISA })
    expect(of('AMOUNT', '378282246310005')).to.deep.include({ outcome: 'masked' })
  })

  it('never throws, and lets no more bytes through than are allowed', () => {
    fc.assert(fc.property(fc.constantFrom(...SCHEMA.keys.keys()), fc.string({ unit: 'binary' }), fc.constantFrom(...ATTACHED_SOURCES), (name, value, source) => {
      const admission = of(name, value, source)
      if (admission.outcome === 'refused') return
      expect(Buffer.byteLength(admission.value)).to.be.at.most(Math.max(MASKED_VALUE.length, SCHEMA.keys.get(name)?.maxBytes ?? 0))
    }), runs(500))
  })
})

describe('card numbers', () => {
  // The schemes' public test numbers.
  const cards = [VISA, '4222222222222', '5555555555554444', '2223003122003222', '378282246310005', '30569309025904', '6011111111111117', '3530111333300000', '6759649826438453']

  it('are known by scheme, length and check digit', () => {
    for (const card of cards) {
      expect(isCardNumber(card), card).to.equal(true)
      expect(isCardNumber(`${card.slice(0, -1)}${(Number(card.at(-1)) + 1) % 10}`), `${card} with another check digit`).to.equal(false)
    }
    for (const other of ['', '4111', '1763802300123456', '9999999999999995', '41111111111111111111']) expect(isCardNumber(other), other).to.equal(false)
  })

  it('are masked however they are grouped, with what follows left alone', () => {
    const masked: readonly (readonly [string, string])[] = [
      ['4111 1111 1111 1111', '****1111'],
      ['4111-1111-1111-1111', '****1111'],
      [`${VISA} 12 27 123`, '****1111 12 27 123'],
      [`12 ${VISA}`, '12 ****1111'],
      [`a${VISA}b, 3782 822463 10005.`, 'a****1111b, ****0005.'],
      [`${VISA}=2712`, '****1111=2712'],
      [cards.join(';'), cards.map((card) => `****${card.slice(-4)}`).join(';')],
    ]
    for (const [text, expected] of masked) expect(maskCardNumbers(text)).to.equal(expected)
  })

  it('are masked whatever stands between their groups, where these are as cards print them', () => {
    for (const sign of ['.', '/', '_', ',', '  ', '\u00a0', '\u202f', '\n', '\r\n', '\t', ' - ', '\u2013', ' \u2014 ', '\u2212', ', ']) {
      expect(maskCardNumbers(`card ${['4111', '1111', '1111', '1111'].join(sign)}, 12/27`), JSON.stringify(sign)).to.equal('card ****1111, 12/27')
      expect(maskCardNumbers(['3782', '822463', '10005'].join(sign)), JSON.stringify(sign)).to.equal('****0005')
      expect(maskCardNumbers(['3056', '930902', '5904'].join(sign)), JSON.stringify(sign)).to.equal('****5904')
      // A visible sign in other places is no card's; the digits are those of one.
      expect(maskCardNumbers(['411111', '1111', '111111'].join(sign)), JSON.stringify(sign)).to.include('411111')
    }
    for (const unseen of ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad']) expect(maskCardNumbers(VISA.split('').join(unseen)), JSON.stringify(unseen)).to.equal('****1111')
  })

  it('are masked in the digits of every script', () => {
    // Full width, Arabic, Persian, Devanagari, mathematical: their zeros.
    for (const zero of [0xff10, 0x0660, 0x06f0, 0x0966, 0x1d7ce, 0x1d7d8, 0x1d7f6]) {
      const written = Array.from(VISA, (digit) => String.fromCodePoint(zero + Number(digit))).join('')
      expect(maskCardNumbers(`a ${written}.`), zero.toString(16)).to.equal('a ****1111.')
    }
  })

  it('are not seen in telephone numbers, ids and longer runs of digits', () => {
    for (const text of ['+49 30 1234567', 'pbx1-1763802300.1', `${VISA}0000`, '2026-11-22 09:05', '', '1795326065.889555', '4,111,111,111,111,111', '4111111.111111111', '192.168.4.111, 10.0.0.1', '41.11.11.11.11.11.11.11', '+49.30.4111111.11111', '+49 (30) 41111-111, 111', '22.11.2026, 09.05.07', '2026_11_22/4111_12']) expect(maskCardNumbers(text), text).to.equal(text)
  })

  it('are looked for without backtracking, for which 8 KB like these would take longer than any test may', () => {
    for (const text of ['4 '.repeat(4096), '4'.repeat(8192), '4-'.repeat(4096), '4...'.repeat(2048), '4 - '.repeat(2048), '\u{1d7d2}'.repeat(2048), `${'1'.repeat(4096)}.${'\uff11'.repeat(2730)}`, `${' '.repeat(4096)}4${' '.repeat(4096)}`]) expect(maskCardNumbers(text)).to.equal(text)
    expect(maskCardNumbers(`${VISA} `.repeat(480))).to.equal('****1111 '.repeat(480))
  })
})

describe('the schema of attached data', () => {
  it('lets in what Holdfast itself reads, though nobody lists it', () => {
    expect([...makeAttachedSchema([], DEFAULT_FACT_KEYS).keys.keys()]).to.have.members(['X-Interaction-ID', 'record', 'GRECORD_PARTITIONS', 'agent', 'QUEUE', 'BUSINESS_UNIT', 'CUSTOMER_TYPE', 'LANGUAGE'])
    expect(builtInKeys({ agent: null, queue: null, businessUnit: null, customerType: null, language: null })).to.deep.equal(['record', 'GRECORD_PARTITIONS'])
  })

  it('names the keys that a source is asked for, and none that is never stored', () => {
    expect(keysFrom(SCHEMA, 'sip-header')).to.deep.equal(['X-Interaction-ID', 'SIP'])
    expect(keysFrom(SCHEMA, 'dialplan')).to.include.members(['record', 'GRECORD_PARTITIONS', 'NOTE', 'PIN']).and.not.to.include.members(['CARD'])
    for (const name of keysFrom(SCHEMA, 'pbx')) expect(of(name, '', 'pbx').outcome, name).not.to.equal('refused')
  })

  it('refuses keys that would let a stranger choose who hears a recording', () => {
    const faults = (given: AttachedKey): readonly string[] => faultsOfSchema([given], DEFAULT_FACT_KEYS).map(({ message }) => message)
    expect(faults(key('record', { sources: ['dialplan', 'sip-header'] }))[0]).to.include('never taken from sip-header')
    expect(faults(key('BUSINESS_UNIT', { sources: ['pbx'] }))[0]).to.include('never taken from pbx')
    expect(faults(key('agent', { store: 'masked' }))).to.have.lengthOf(1)
    expect(faults(key('QUEUE', { type: 'number' }))).to.have.lengthOf(1)
    expect(faults(key('NOTE', { maxBytes: 8193, sources: [] }))).to.have.lengthOf(2)
    expect(faults(key('9', {}))).to.have.lengthOf(1)
    expect(faults(key('NOTE', { sources: ['sip-header'] }))).to.deep.equal([])
    expect(() => makeAttachedSchema([key('record', { sources: ['sip-header'] })], DEFAULT_FACT_KEYS)).to.throw('attached data record')
  })
})
