import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseSessionId, parseUserId } from '../../core/domain/ids.ts'
import { attempted, NO_ATTEMPTS, type SignInTries } from '../../core/domain/sign-in-attempts.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { AttemptsKey, SignInStore, StoredSession } from '../../core/ports/sign-in-store.ts'
import { seconds } from '../support/recording-facts.ts'

const CARLA = parseUserId('00000000000000c1')
const DORA = parseUserId('00000000000000d1')
const OFFICE: AttemptsKey = { who: CARLA, network: 'office' }
const NOTHING: SignInTries = { here: NO_ATTEMPTS, strangers: NO_ATTEMPTS }
const same = (before: SignInTries): SignInTries => before
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
      expect(await signIn.attempt(OFFICE, (before) => attempted(before, seconds(1)))).to.deep.equal(NOTHING)
      await Promise.all(Array.from({ length: 3 }, () => signIn.attempt(OFFICE, (before) => attempted(before, seconds(2)))))
      const four = { ...NO_ATTEMPTS, count: 4, lastAt: seconds(2) }
      expect(await signIn.attempt(OFFICE, (before) => attempted(before, seconds(3)))).to.deep.equal({ here: four, strangers: { ...four, lastAt: seconds(1) } })
      expect((await signIn.attempt(OFFICE, same)).here).to.deep.equal({ count: 5, lastAt: seconds(3), lockedUntil: seconds(33), signedInAt: null })
      expect(await signIn.attempt({ ...OFFICE, who: DORA }, same)).to.deep.equal(NOTHING)
      await signIn.begin(SESSION, OFFICE, told())
      const { here, strangers } = await signIn.attempt(OFFICE, same)
      expect(here).to.deep.equal({ ...NO_ATTEMPTS, lastAt: SESSION.createdAt, signedInAt: SESSION.createdAt })
      expect(strangers.count).to.equal(4)
    })

    it('counts networks apart, and all strange ones together', async () => {
      const { signIn } = await open()
      for (const network of ['a', 'b']) await signIn.attempt({ who: CARLA, network }, (before) => attempted(before, seconds(1)))
      const { here, strangers } = await signIn.attempt({ who: CARLA, network: 'a' }, same)
      expect([here.count, strangers.count]).to.deep.equal([1, 2])
      await signIn.begin(SESSION, OFFICE, told())
      await signIn.attempt({ who: CARLA, network: 'c' }, (before) => attempted(before, seconds(2 * 86_400)))
      expect((await signIn.attempt(OFFICE, same)).here.signedInAt).to.deep.equal(SESSION.createdAt)
      expect((await signIn.attempt({ who: CARLA, network: 'b' }, same)).here).to.deep.equal(NO_ATTEMPTS)
    })

    it('forgives attempts with a new password, and forgets no network of hers', async () => {
      const { signIn } = await open()
      await signIn.begin(SESSION, OFFICE, told())
      for (const network of [OFFICE.network, 'b']) await signIn.attempt({ who: CARLA, network }, (before) => attempted(before, seconds(1)))
      await signIn.setPassword({ userId: CARLA, hash: '$one', changedAt: seconds(1) }, told())
      expect(await signIn.attempt({ who: CARLA, network: 'b' }, same)).to.deep.equal(NOTHING)
      expect((await signIn.attempt(OFFICE, same)).here).to.deep.include({ count: 0, signedInAt: SESSION.createdAt })
    })

    it('gives sessions back, the newest of a user first', async () => {
      const { signIn } = await open()
      const later: StoredSession = { ...SESSION, id: parseSessionId('00000000000000ff'), createdAt: seconds(5), former: { secretSha256: 'ef'.repeat(32), until: seconds(9) } }
      const other: StoredSession = { ...SESSION, id: parseSessionId('00000000000000fe'), userId: DORA }
      for (const session of [SESSION, later, other]) await signIn.begin(session, OFFICE, told())
      expect(await signIn.findSession(SESSION.id)).to.deep.equal(SESSION)
      expect(await signIn.sessionsOf(CARLA)).to.deep.equal([later, SESSION])
      await signIn.seen(SESSION.id, seconds(60))
      await signIn.seen(SESSION.id, seconds(30))
      expect((await signIn.findSession(SESSION.id))?.seenAt).to.deep.equal(seconds(60))
    })

    it('renews a secret once, whoever else tries', async () => {
      const { signIn } = await open()
      await signIn.begin(SESSION, OFFICE, told())
      const next = { secretSha256: '12'.repeat(32), former: { secretSha256: SESSION.secretSha256, until: seconds(10) }, rights: 'ff' }
      const tried = await Promise.all([signIn.renew(SESSION.id, SESSION.secretSha256, next), signIn.renew(SESSION.id, SESSION.secretSha256, { ...next, secretSha256: '34'.repeat(32) })])
      expect(tried.toSorted()).to.deep.equal(['late', 'renewed'])
      expect((await signIn.findSession(SESSION.id))?.former).to.deep.equal(next.former)
      expect(await signIn.renew(parseSessionId('00000000000000aa'), 'x', next)).to.equal('late')
    })

    it('ends sessions once, each with its audit', async () => {
      const { signIn, audit } = await open()
      await signIn.begin(SESSION, OFFICE, told())
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
