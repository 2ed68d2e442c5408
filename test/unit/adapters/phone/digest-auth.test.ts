import { expect } from 'chai'
import { describe, it } from 'mocha'
import { digestAuthorization, parseChallenge } from '../../../../adapters/phone/digest-auth.ts'

const CREDENTIALS = { username: 'Mufasa', password: 'Circle of Life' }
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v'
const CLIENT_NONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'

describe('digest authentication', () => {
  // The example of RFC 7616 §3.9.1.
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    it(`answers the challenge of the standard (${algorithm})`, () => {
      const challenge = parseChallenge(`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="FQhe"`)
      expect(challenge).to.deep.include({ realm: 'http-auth@example.org', nonce: NONCE, opaque: 'FQhe', algorithm, quality: 'auth' })
      if (challenge === null) return
      const value = digestAuthorization({ challenge, credentials: CREDENTIALS, method: 'GET', uri: '/dir/index.html', clientNonce: CLIENT_NONCE })
      expect(value).to.contain(`response="${response}"`)
      expect(value).to.contain('opaque="FQhe"')
    })
  }

  it('leaves out what an old challenge does not ask for', () => {
    const challenge = parseChallenge('Digest realm="a", nonce="b"')
    expect(challenge?.quality).to.equal(null)
    if (challenge === null) return
    expect(digestAuthorization({ challenge, credentials: CREDENTIALS, method: 'REGISTER', uri: 'sip:a' })).not.to.contain('cnonce')
  })

  for (const value of ['Basic realm="a"', 'Digest realm="a"', 'Digest realm="a", nonce="b", algorithm=MD4', 'Digest realm="a", nonce="b", qop="auth-int"']) {
    it(`cannot answer ${value}`, () => {
      expect(parseChallenge(value)).to.equal(null)
    })
  }
})
