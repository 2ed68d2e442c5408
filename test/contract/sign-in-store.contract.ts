import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseSessionId, parseUserId } from '../../core/domain/ids.ts'
import { attempted, NO_ATTEMPTS } from '../../core/domain/sign-in-attempts.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { SignInStore, StoredSession } from '../../core/ports/sign-in-store.ts'
import { seconds } from '../support/recording-facts.ts'

const CARLA = parseUserId('00000000000000c1')
const DORA = parseUserId('00000000000000d1')
const SESSION: StoredSession = {
  id: parseSessionId('0123456789abcdef'), userId: CARLA, secretSha256: 'ab'.repeat(32), former: null, createdAt: seconds(0), seenAt: seconds(0), expiresAt: seconds(3600), rights: 'cd'.repeat(16), address: '2001:db8::1%eth0',
}

/** What keeps passwords and sessions. `open` gives an empty one, and the audit log that it writes to. */
export function signInStoreContract(name: string, open: () => Promise<{ readonly signIn: SignInStore; readonly audit: AuditLog }>): void {
  describe(`${name} is a SignInStore`, () => {
    it('keeps one password of each user, and upgrades the one that was looked at alone', async () => {
      const { signIn } = await open()
      expect(await signIn.findPassword(CARLA)).to.equal(null)
      await signIn.setPassword({ userId: CARLA, hash: '$one', changedAt: seconds(1) }, told())
      await signIn.setPassword({ userId: CARLA, hash: '$two', changedAt: seconds(2) }, told())
      await signIn.upgradePassword(CARLA, '$one', '$three')
      expect(await signIn.findPassword(CARLA)).to.deep.equal({ userId: CARLA, hash: '$two', changedAt: seconds(2) })
      await signIn.upgradePassword(CARLA, '$two', '$four')
      expect((await signIn.findPassword(CARLA))?.hash).to.equal('$four')
      expect(await signIn.findPassword(DORA)).to.equal(null)
    })

    it('counts every attempt, also of many at once, until one is right', async () => {
      const { signIn } = await open()
      expect(await signIn.attempt(CARLA, (before) => attempted(before, seconds(1)))).to.deep.equal(NO_ATTEMPTS)
      await Promise.all(Array.from({ length: 3 }, () => signIn.attempt(CARLA, (before) => attempted(before, seconds(2)))))
      expect(await signIn.attempt(CARLA, (before) => attempted(before, seconds(3)))).to.deep.equal({ count: 4, lastAt: seconds(2), lockedUntil: null })
      expect(await signIn.attempt(CARLA, (before) => before)).to.deep.equal({ count: 5, lastAt: seconds(3), lockedUntil: seconds(33) })
      expect(await signIn.attempt(DORA, (before) => before)).to.deep.equal(NO_ATTEMPTS)
      await signIn.begin(SESSION, CARLA, told())
      expect(await signIn.attempt(CARLA, (before) => before)).to.deep.equal(NO_ATTEMPTS)
    })

    it('forgives attempts with a new password', async () => {
      const { signIn } = await open()
      await signIn.attempt(CARLA, (before) => attempted(before, seconds(1)))
      await signIn.setPassword({ userId: CARLA, hash: '$one', changedAt: seconds(1) }, told())
      expect(await signIn.attempt(CARLA, (before) => before)).to.deep.equal(NO_ATTEMPTS)
    })

    it('gives sessions back, the newest of a user first', async () => {
      const { signIn } = await open()
      const later: StoredSession = { ...SESSION, id: parseSessionId('00000000000000ff'), createdAt: seconds(5), former: { secretSha256: 'ef'.repeat(32), until: seconds(9) } }
      const other: StoredSession = { ...SESSION, id: parseSessionId('00000000000000fe'), userId: DORA }
      for (const session of [SESSION, later, other]) await signIn.begin(session, CARLA, told())
      expect(await signIn.findSession(SESSION.id)).to.deep.equal(SESSION)
      expect(await signIn.sessionsOf(CARLA)).to.deep.equal([later, SESSION])
      await signIn.seen(SESSION.id, seconds(60))
      await signIn.seen(SESSION.id, seconds(30))
      expect((await signIn.findSession(SESSION.id))?.seenAt).to.deep.equal(seconds(60))
    })

    it('renews a secret once, whoever else tries', async () => {
      const { signIn } = await open()
      await signIn.begin(SESSION, CARLA, told())
      const next = { secretSha256: '12'.repeat(32), former: { secretSha256: SESSION.secretSha256, until: seconds(10) }, rights: 'ff' }
      const tried = await Promise.all([signIn.renew(SESSION.id, SESSION.secretSha256, next), signIn.renew(SESSION.id, SESSION.secretSha256, { ...next, secretSha256: '34'.repeat(32) })])
      expect(tried.toSorted()).to.deep.equal(['late', 'renewed'])
      expect((await signIn.findSession(SESSION.id))?.former).to.deep.equal(next.former)
      expect(await signIn.renew(parseSessionId('00000000000000aa'), 'x', next)).to.equal('late')
    })

    it('ends sessions once, each with its audit', async () => {
      const { signIn, audit } = await open()
      await signIn.begin(SESSION, CARLA, told())
      const end = (): Promise<number> => signIn.end([SESSION.id, parseSessionId('00000000000000aa')], ({ id }) => ({ ...told(), action: 'sign-in.ended', object: { type: 'session', id } }))
      expect([await end(), await end(), await signIn.end([], told)]).to.deep.equal([1, 0, 0])
      expect(await signIn.findSession(SESSION.id)).to.equal(null)
      const { entries } = await audit.read({ objectId: null, actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.action, entry.object.id])).to.deep.equal([['sign-in.ended', SESSION.id], ['sign-in.accepted', SESSION.id]])
    })
  })
}

function told(): AuditDraft {
  return { at: seconds(0), actor: { type: 'user', id: CARLA }, action: 'sign-in.accepted', object: { type: 'session', id: SESSION.id }, outcome: 'ok', reason: null, details: {}, personal: {} }
}
