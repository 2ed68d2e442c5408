import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { hostOfUri, parseHostAndPort, parseParameters, parseSipAddress, userOfUri } from '../../../../adapters/phone/sip-address.ts'

describe('parseSipAddress', () => {
  it('reads a quoted name with its escapes', () => {
    const address = parseSipAddress('"Desk \\"one\\", Hall" <sip:a@b:5070;transport=udp>;tag=x1')
    expect(address).to.deep.include({ displayName: 'Desk "one", Hall', uri: 'sip:a@b:5070;transport=udp' })
    expect(address?.parameters.get('tag')).to.equal('x1')
  })

  it('gives parameters after a bare URI to the header', () => {
    const address = parseSipAddress('sip:a@b;tag=x2')
    expect(address).to.deep.include({ displayName: null, uri: 'sip:a@b' })
    expect(address?.parameters.get('tag')).to.equal('x2')
  })

  for (const text of ['', '<', '<>', '"open <sip:a@b>', 'Name <sip:a b>']) {
    it(`gives null for ${JSON.stringify(text)}`, () => {
      expect(parseSipAddress(text)).to.equal(null)
    })
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void [parseSipAddress(text), parseParameters(text), hostOfUri(text), userOfUri(text)]))
  })
})

describe('hostOfUri', () => {
  for (const [uri, expected] of [
    ['sip:a@192.0.2.1:5070', { host: '192.0.2.1', port: 5070 }],
    ['sip:pbx.example.org', { host: 'pbx.example.org', port: 5060 }],
    ['sip:a@[2001:db8::1]:5080;lr', { host: '2001:db8::1', port: 5080 }],
    ['sip:a@b:0', null],
    ['sip:a@b:70000', null],
    ['tel:+4912345', null],
  ] as const) {
    it(`of ${uri} is ${JSON.stringify(expected)}`, () => {
      expect(hostOfUri(uri)).to.deep.equal(expected)
    })
  }

  it('serves for host and port alone', () => {
    expect(parseHostAndPort('127.0.0.1:5099')).to.deep.equal({ host: '127.0.0.1', port: 5099 })
  })
})

describe('userOfUri', () => {
  it('decodes the user and survives a stray percent sign', () => {
    expect(userOfUri('sip:%2A7@b')).to.equal('*7')
    expect(userOfUri('sip:50%@b')).to.equal('50%')
    expect(userOfUri('sip:b')).to.equal(null)
  })
})
