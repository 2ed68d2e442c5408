import { expect } from 'chai'
import { describe, it } from 'mocha'
import { nameIn, type Ownership, refuseForeignRoot } from '../../../cli/data-owner.ts'

/** `/var/lib/holdfast` belongs to user 990, everything above it to root. */
function by(uid: number | null): Ownership {
  return { uid, ownerOf: (path) => ({ '/': 0, '/var': 0, '/var/lib': 0, '/var/lib/holdfast': 990 })[path] ?? null, nameOf: () => 'holdfast' }
}

describe('root at the console', () => {
  for (const directory of ['/var/lib/holdfast', '/var/lib/holdfast/not/made/yet']) {
    it(`is kept from leaving files in another user's ${directory}, and told what works`, () => {
      expect(() => refuseForeignRoot(directory, by(0))).to.throw('runuser -u holdfast -- holdfast')
    })
  }

  it('is told the number where the user has no name', () => {
    expect(() => refuseForeignRoot('/var/lib/holdfast', { ...by(0), nameOf: () => null })).to.throw('setpriv --reuid 990')
    expect(nameIn('root:x:0:0::/root:/bin/sh\nholdfast:x:990:980::/var/lib/holdfast:/usr/sbin/nologin\n', 990)).to.equal('holdfast')
    expect(nameIn('root:x:0:0::/root:/bin/sh\n', 990)).to.equal(null)
  })

  it('may work where root owns the data', () => {
    expect(() => refuseForeignRoot('/var/lib/other', by(0))).not.to.throw()
  })

  it('is the only one who is stopped', () => {
    expect(() => refuseForeignRoot('/var/lib/holdfast', by(990))).not.to.throw()
    expect(() => refuseForeignRoot('/var/lib/holdfast', by(1000))).not.to.throw()
    expect(() => refuseForeignRoot('/var/lib/holdfast', by(null))).not.to.throw()
  })
})
