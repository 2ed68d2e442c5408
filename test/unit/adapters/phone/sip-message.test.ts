import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { formatSipMessage, headerValue, headerValues, parseCSeq, parseSipMessage, type SipHeader } from '../../../../adapters/phone/sip-message.ts'

const HEADERS: readonly SipHeader[] = [
  ['Via', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1'],
  ['From', '<sip:customer@192.0.2.1>;tag=1'],
  ['To', '<sip:agent@192.0.2.2>'],
  ['Call-ID', 'c1'],
  ['CSeq', '7 INVITE'],
]

function datagram(...lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
}

const MINIMUM = HEADERS.map(([name, value]) => `${name}: ${value}`)

describe('parseSipMessage', () => {
  it('reads back what formatSipMessage wrote', () => {
    const request = { type: 'request', method: 'INVITE', uri: 'sip:agent@192.0.2.2', headers: HEADERS, body: 'v=0\r\nü\r\n' } as const
    const parsed = parseSipMessage(formatSipMessage(request))
    expect(parsed).to.deep.include({ type: 'request', method: 'INVITE', uri: 'sip:agent@192.0.2.2', body: 'v=0\r\nü\r\n' })
    expect(parsed === null ? null : headerValue(parsed, 'Content-Length')).to.equal('9')
  })

  it('reads a response', () => {
    expect(parseSipMessage(datagram('SIP/2.0 486 Busy Here', ...MINIMUM))).to.deep.include({ type: 'response', status: 486, reason: 'Busy Here' })
  })

  it('joins continued lines and knows compact names', () => {
    const message = parseSipMessage(
      datagram('BYE sip:a@b SIP/2.0', 'v: SIP/2.0/UDP x;branch=z9hG4bK1', 'f: <sip:a@b>', ' ;tag=9', 't: <sip:c@d>', 'i: c1', 'CSeq: 1 BYE'),
    )
    expect(message === null ? null : headerValue(message, 'from')).to.equal('<sip:a@b> ;tag=9')
    expect(message === null ? null : headerValue(message, 'call-id')).to.equal('c1')
  })

  it('takes lists apart, but not at commas in quotes or between brackets', () => {
    const message = parseSipMessage(datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, 'Contact: "Doe, J" <sip:a,b@c>, <sip:d@e>', 'Record-Route: <sip:p1;lr>,<sip:p2;lr>'))
    expect(message === null ? [] : headerValues(message, 'contact')).to.deep.equal(['"Doe, J" <sip:a,b@c>', '<sip:d@e>'])
    expect(message === null ? [] : headerValues(message, 'record-route')).to.deep.equal(['<sip:p1;lr>', '<sip:p2;lr>'])
  })

  it('cuts what is longer than it says and refuses what is shorter', () => {
    const long = Buffer.concat([datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, 'Content-Length: 2'), Buffer.from('abcdef')])
    expect(parseSipMessage(long)?.body).to.equal('ab')
    const short = Buffer.concat([datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, 'Content-Length: 7'), Buffer.from('abcdef')])
    expect(parseSipMessage(short)).to.equal(null)
  })

  for (const [what, bytes] of Object.entries({
    'an empty datagram': Buffer.alloc(0),
    'a message without the headers that an answer needs': datagram('BYE sip:a@b SIP/2.0', 'Via: x'),
    'another protocol': datagram('GET / HTTP/1.1', ...MINIMUM),
    'a header without a name': datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, ': x'),
    'more headers than anybody needs': datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, ...Array.from({ length: 300 }, () => 'X: y')),
    'a negative length': datagram('BYE sip:a@b SIP/2.0', ...MINIMUM, 'Content-Length: -1'),
  })) {
    it(`passes over ${what}`, () => {
      expect(parseSipMessage(bytes)).to.equal(null)
    })
  }

  it('never throws, whatever a stranger sends', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void parseSipMessage(bytes)))
    const start = formatSipMessage({ type: 'request', method: 'INVITE', uri: 'sip:a@b', headers: HEADERS, body: '' })
    const spoiled = fc.tuple(fc.nat(start.length - 1), fc.uint8Array({ maxLength: 8 }))
    fc.assert(fc.property(spoiled, ([at, bytes]) => void parseSipMessage(Buffer.concat([start.subarray(0, at), bytes, start.subarray(at + 1)]))))
  })
})

describe('formatSipMessage', () => {
  for (const value of ['a\r\nEvil: yes', 'a\nb', 'a\0b']) {
    it(`refuses the value ${JSON.stringify(value)}`, () => {
      const message = { type: 'request', method: 'BYE', uri: 'sip:a@b', headers: [['X-Note', value]], body: '' } as const
      expect(() => formatSipMessage(message)).to.throw().with.property('code', 'FIELD_REFUSED')
    })
  }
})

describe('parseCSeq', () => {
  it('gives number and method', () => {
    expect(parseCSeq({ type: 'response', status: 200, reason: 'OK', headers: HEADERS, body: '' })).to.deep.equal({ sequence: 7, method: 'INVITE' })
  })

  it('gives null for what is no number', () => {
    expect(parseCSeq({ type: 'response', status: 200, reason: 'OK', headers: [['CSeq', 'x INVITE']], body: '' })).to.equal(null)
  })
})
