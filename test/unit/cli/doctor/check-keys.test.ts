import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkKeys } from '../../../../cli/doctor/check-keys.ts'
import { recipientNamed } from '../../../../core/domain/recipients.ts'
import type { IdentityFileReport, RecipientReport } from '../../../../cli/keys/describe-keys.ts'

const operational: RecipientReport = { ...recipientNamed('age1operational'), place: 'keys.recipients[0]', openedHere: 'yes' }
const escrow: RecipientReport = { ...recipientNamed('age1escrow'), purpose: 'escrow', place: 'keys.recipients[1]', openedHere: 'no' }
const identity: IdentityFileReport = { file: '/k/identity.txt', state: 'one identity', readable: 'yes', recipients: ['age1operational'], exposure: 'private', protection: 'none', besideObjects: null }

function faults(recipients: readonly RecipientReport[], identityFiles: readonly IdentityFileReport[]): readonly string[] {
  return checkKeys({ recipients, identityFiles }).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of the keys', () => {
  it('finds nothing wrong with an operational and an escrow recipient', () => {
    expect(faults([operational, escrow], [identity])).to.deep.equal([])
  })

  it('finds nothing wrong with a recorder that cannot read its recordings', () => {
    expect(faults([{ ...operational, openedHere: 'no' }, escrow], [])).to.deep.equal([])
  })

  it('fails without a recipient', () => {
    expect(faults([], [identity]).join()).to.include('fail: no recipient is named')
  })

  it('warns of a single key', () => {
    expect(faults([operational], [identity])).to.deep.equal(['warn: one recipient only: when its identity is lost, every recording is'])
  })

  it('warns of recipients of which none is for escrow, and counts a retired one for nothing', () => {
    expect(faults([operational, { ...escrow, purpose: 'operational' }], [identity]).join()).to.include('warn: recordings are sealed to 2 recipients, and none of them is for escrow')
    expect(faults([operational, { ...escrow, standing: 'retired' }], [identity])).to.deep.equal(['warn: one recipient only: when its identity is lost, every recording is'])
    expect(faults([{ ...operational, standing: 'retired' }], [identity]).join()).to.include('fail: no recipient is named')
  })

  it('warns of an unprotected identity on the disk of the recordings, and not of a protected one', () => {
    const beside = { ...identity, besideObjects: '/objects' }
    expect(faults([operational, escrow], [beside])).to.deep.equal(['warn: identity file /k/identity.txt lies on the disk of the recordings (/objects): who takes the disk, or its backup, has both'])
    expect(faults([operational, escrow], [{ ...beside, protection: 'passphrase' }])).to.deep.equal([])
  })

  it('does not judge what waits for its passphrase', () => {
    expect(faults([{ ...operational, openedHere: 'unknown' }, escrow], [{ ...identity, readable: 'waits', recipients: [] }])).to.deep.equal([])
  })

  it('fails for an identity that others can read', () => {
    expect(faults([operational, escrow], [{ ...identity, exposure: 'exposed' }])).to.deep.equal(['fail: identity file /k/identity.txt can be read by other users of this machine'])
  })

  it('fails for an identity file that is missing or broken', () => {
    expect(faults([operational, escrow], [identity, { ...identity, file: '/k/old.txt', state: 'cannot be read: there is no such file or directory', readable: 'no', recipients: [], exposure: 'unknown' }])).to.deep.equal(['fail: identity file /k/old.txt: cannot be read: there is no such file or directory'])
  })

  it('warns when no identity here opens what is sealed now', () => {
    expect(faults([{ ...operational, openedHere: 'no' }, escrow], [identity])).to.deep.equal(['warn: no identity here opens what is sealed now: it cannot be played back here'])
  })
})
