import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkKeys } from '../../../../cli/doctor/check-keys.ts'
import type { IdentityFileReport, RecipientReport } from '../../../../cli/keys/describe-keys.ts'

const operational: RecipientReport = { recipient: 'age1operational', place: 'keys.recipients[0]', openedHere: true }
const escrow: RecipientReport = { recipient: 'age1escrow', place: 'keys.recipients[1]', openedHere: false }
const identity: IdentityFileReport = { file: '/k/identity.txt', state: 'one identity', recipients: ['age1operational'], exposure: 'private' }

function faults(recipients: readonly RecipientReport[], identityFiles: readonly IdentityFileReport[]): readonly string[] {
  return checkKeys({ recipients, identityFiles }).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of the keys', () => {
  it('finds nothing wrong with an operational and an escrow recipient', () => {
    expect(faults([operational, escrow], [identity])).to.deep.equal([])
  })

  it('finds nothing wrong with a recorder that cannot read its recordings', () => {
    expect(faults([{ ...operational, openedHere: false }, escrow], [])).to.deep.equal([])
  })

  it('fails without a recipient', () => {
    expect(faults([], [identity]).join()).to.include('fail: no recipient is named')
  })

  it('warns of a single key', () => {
    expect(faults([operational], [identity])).to.deep.equal(['warn: one recipient only: when its identity is lost, every recording is'])
  })

  it('fails for an identity that others can read', () => {
    expect(faults([operational, escrow], [{ ...identity, exposure: 'exposed' }])).to.deep.equal(['fail: identity file /k/identity.txt can be read by other users of this machine'])
  })

  it('fails for an identity file that is missing or broken', () => {
    expect(faults([operational, escrow], [identity, { file: '/k/old.txt', state: 'cannot be read: ENOENT', recipients: [], exposure: 'unknown' }])).to.deep.equal(['fail: identity file /k/old.txt: cannot be read: ENOENT'])
  })

  it('warns when no identity here opens what is sealed now', () => {
    expect(faults([{ ...operational, openedHere: false }, escrow], [identity])).to.deep.equal(['warn: no identity here opens what is sealed now: it cannot be played back here'])
  })
})
