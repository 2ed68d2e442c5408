import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkKeyStanding } from '../../../../cli/doctor/check-key-standing.ts'
import type { IdentityFileReport, RecipientReport } from '../../../../cli/keys/describe-keys.ts'
import type { KeyStanding } from '../../../../cli/keys/key-standing.ts'
import type { KeyCheck } from '../../../../core/domain/key-check.ts'
import { recipientNamed } from '../../../../core/domain/recipients.ts'

const NOW = new Date('2026-07-01T00:00:00Z')
const operational: RecipientReport = { ...recipientNamed('age1operational'), place: 'keys.recipients[0]', openedHere: 'yes' }
const escrow: RecipientReport = { ...recipientNamed('age1escrow'), name: 'Safe', purpose: 'escrow', place: 'keys.recipients[1]', openedHere: 'no' }
const identity: IdentityFileReport = { file: '/k/identity.txt', state: 'one identity', readable: 'yes', recipients: ['age1operational'], exposure: 'private', protection: 'none', besideObjects: null }
const BOTH = { recipients: ['age1operational', 'age1escrow'], recordings: 7 }

function checked(recipient: string, day: string, change: Partial<KeyCheck> = {}): KeyCheck {
  return { recipient, checkedAt: new Date(`${day}T00:00:00Z`), by: 'cli:operator', sampled: 5, opened: 5, foreign: 0, failed: 0, ...change }
}

const GOOD = [checked('age1operational', '2026-06-01'), checked('age1escrow', '2026-06-01')]

function faults({ recipients = [operational, escrow], sets = [BOTH], checks = GOOD, identityFiles = [identity] }: Partial<KeyStanding> & { readonly recipients?: readonly RecipientReport[]; readonly identityFiles?: readonly IdentityFileReport[] }): readonly string[] {
  return checkKeyStanding({ recipients, identityFiles }, { sets, checks }, { now: NOW, everyDays: 180 }).filter(({ status }) => status !== 'ok').map(({ status, found }) => `${status}: ${found}`)
}

describe('the examination of what the keys mean for stored recordings', () => {
  it('finds nothing wrong where every backup was tried and all is opened here', () => {
    expect(faults({})).to.deep.equal([])
  })

  it('says nothing before anything is stored', () => {
    expect(checkKeyStanding({ recipients: [operational], identityFiles: [] }, { sets: [], checks: [] }, { now: NOW, everyDays: 180 })).to.deep.equal([])
  })

  it('warns of a backup that was never tried, of one that was tried long ago, and of a trial that tried nothing', () => {
    expect(faults({ checks: [checked('age1operational', '2026-06-01')] })).to.deep.equal(['warn: escrow recipient Safe: its backup was never tried'])
    expect(faults({ checks: [checked('age1operational', '2026-01-01'), checked('age1escrow', '2026-01-03')] })).to.deep.equal(['warn: operational recipient age1operational: its backup was last tried 181 days ago'])
    expect(faults({ checks: [checked('age1operational', '2026-06-01'), checked('age1escrow', '2026-06-01', { opened: 0, foreign: 5 })] })).to.deep.equal(['warn: escrow recipient Safe: its backup was never tried'])
  })

  it('fails for a backup that did not open what is sealed to it', () => {
    expect(faults({ checks: [checked('age1operational', '2026-06-01'), checked('age1escrow', '2026-06-30', { opened: 3, failed: 2 })] })).to.deep.equal(['fail: escrow recipient Safe: when its backup was last tried, 1 days ago, it did not open 2 of 5 recordings'])
  })

  it('asks for no trial of a recipient to which nothing is sealed yet', () => {
    expect(faults({ sets: [{ recipients: ['age1operational'], recordings: 3 }], checks: [checked('age1operational', '2026-06-01')] })).to.deep.equal([])
  })

  it('counts what no identity opens, by whom it is sealed to; not while a file is closed, nor where nothing is played back', () => {
    const sets = [BOTH, { recipients: ['age1lost'], recordings: 3 }]
    expect(faults({ sets })).to.deep.equal(['warn: no identity here opens 3 recordings: they are sealed to age1lost…'])
    expect(faults({ sets, identityFiles: [{ ...identity, readable: 'waits', recipients: [] }] })).to.deep.equal([])
    expect(faults({ sets, identityFiles: [] })).to.deep.equal([])
  })

  it('tells of a retired recipient that still opens recordings', () => {
    const retired: RecipientReport = { ...recipientNamed('age1former'), standing: 'retired', place: 'keys.recipients[2]', openedHere: 'no' }
    expect(faults({ recipients: [operational, escrow, retired] })).to.deep.equal([])
    expect(faults({ recipients: [operational, escrow, retired], sets: [BOTH, { recipients: ['age1former', 'age1operational'], recordings: 2 }] })).to.deep.equal(['warn: the retired recipient age1former… still opens 2 recordings'])
  })
})
