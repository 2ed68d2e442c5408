import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester, type RoleDefinition } from '../../../../../core/domain/actor.ts'
import { parseChannelId, parseCustomRoleName, parseUnitId } from '../../../../../core/domain/ids.ts'
import type { PeopleEdit } from '../../../../../core/domain/people-edit.ts'
import type { User } from '../../../../../core/domain/person.ts'
import { scopeOf } from '../../../../../core/library/access/access.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import type { FeedNews } from '../../../../../core/library/live/live-feed.ts'
import { expectCode, rejection } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const ADMINISTRATOR: Requester = { actor: { type: 'cli', id: 'root' }, role: DEFAULT_ROLES.administrator, label: '', reach: 'all', units: [], binding: null, address: 'local' }
const ALWAYS = { fromAt: new Date(0), toAt: null }
const [NORTH, TOP] = [parseUnitId('north'), parseUnitId('top')]
const LISTENER: PeopleEdit = { type: 'role', name: parseCustomRoleName('listener'), must: 'be-new', wish: { permissions: ['search', 'play'], reach: 'named' } }

function user(name: string, wish: Extract<PeopleEdit, { type: 'user' }>['wish'], must: 'be-new' | 'be-there' | 'be' = 'be-new'): PeopleEdit {
  return { type: 'user', name, must, wish }
}

function placed(unitId: typeof NORTH, parentId: typeof NORTH | null = null): PeopleEdit {
  return { type: 'unit-placed', unitId, must: 'be', parentId, fromAt: new Date(0) }
}

async function bench(...edits: readonly PeopleEdit[]): Promise<LibraryBench> {
  const opened = await LibraryBench.open()
  await opened.library.people.edit(ADMINISTRATOR, edits)
  return opened
}

function named(opened: LibraryBench, name: string): User {
  const found = opened.people.people.users.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

async function signedIn(opened: LibraryBench, name: string): Promise<Requester> {
  const requester = await opened.library.authentication.user(named(opened, name).id, '192.0.2.7')
  if (requester === null) throw new Error(`${name} may not come in`)
  return requester
}

/** A stored recording in which this agent is heard. */
async function heard(opened: LibraryBench, agent: string, partitions: readonly string[] = []): Promise<Awaited<ReturnType<LibraryBench['stored']>>['id']> {
  const { id } = await opened.stored({ partitions })
  const party = { channelId: parseChannelId('1.9'), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: opened.now, toAt: null } as const
  await opened.tell({ type: 'party-joined', recordingId: id, at: opened.now, party })
  return id
}

describe('people', () => {
  describe('rights of a user', () => {
    const roles: readonly (readonly [string, Partial<RoleDefinition>, Partial<User>, ReturnType<typeof scopeOf>])[] = [
      ['named, and nothing named', { reach: 'named' }, {}, { type: 'none' }],
      ['named, with a partition', { reach: 'named' }, { partitions: ['/a'] }, { type: 'named', partitions: ['/a'], units: [] }],
      ['named, with a unit', { reach: 'named' }, { units: [NORTH] }, { type: 'named', partitions: [], units: [NORTH] }],
      ['narrowed by a unit', { reach: 'everything-unless-narrowed' }, { units: [NORTH] }, { type: 'named', partitions: [], units: [NORTH] }],
      ['narrowed by nothing', { reach: 'everything-unless-narrowed' }, {}, { type: 'all' }],
      ['everything, whatever is named', { reach: 'everything' }, { partitions: ['/a'], units: [NORTH] }, { type: 'all' }],
      ['own, with an agent', { reach: 'own' }, { agent: 'anna', partitions: ['/a'], units: [NORTH] }, { type: 'agent', agent: 'anna' }],
      ['own, without one', { reach: 'own' }, {}, { type: 'none' }],
    ]
    for (const [what, role, wish, scope] of roles) {
      it(`reach ${JSON.stringify(scope)} when they are ${what}`, async () => {
        const opened = await bench(placed(NORTH), { ...LISTENER, wish: { permissions: ['search', 'play'], ...role } }, user('carla', { role: LISTENER.name, ...wish }))
        expect(scopeOf(await signedIn(opened, 'carla'))).to.deep.equal(scope)
      })
    }

    it('do not let an agent hear her own recordings unless her role says so', async () => {
      const opened = await bench({ ...LISTENER, wish: { permissions: ['search', 'play'], reach: 'own' } }, user('anna', { role: 'agent', agent: 'anna' }), user('berta', { role: LISTENER.name, agent: 'berta' }))
      const [hers, annas] = [await heard(opened, 'berta'), await heard(opened, 'anna')]
      expect((await opened.library.playback.request(await signedIn(opened, 'berta'), hers)).recording.id).to.equal(hers)
      await expectCode(opened.library.playback.request(await signedIn(opened, 'berta'), annas), 'RECORDING_NOT_FOUND')
      await expectCode(opened.library.playback.request(await signedIn(opened, 'anna'), annas), 'FORBIDDEN')
    })

    it('follow the tree: she finds and hears what the agents of her units said, by list and by id', async () => {
      const opened = await bench(placed(TOP), placed(NORTH, TOP), { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS }, user('carla', { role: 'supervisor', units: [TOP] }))
      const [reached, other] = [await heard(opened, 'anna'), await heard(opened, 'berta')]
      const carla = await signedIn(opened, 'carla')
      expect((await opened.library.search.search(carla, ANY_RECORDING, { first: 10, before: null })).recordings.map(({ id }) => id)).to.deep.equal([reached])
      expect((await opened.library.playback.request(carla, reached)).recording.id).to.equal(reached)
      await expectCode(opened.library.playback.request(carla, other), 'RECORDING_NOT_FOUND')
    })

    const takenAway: Readonly<Record<string, readonly PeopleEdit[]>> = {
      'her role is another one': [user('carla', { role: 'administrator' }, 'be-there')],
      'her role may play no more': [{ ...LISTENER, must: 'be-there', wish: { permissions: ['search'] } }],
      'she leads the unit no more': [user('carla', { units: [] }, 'be-there')],
      'she is disabled': [user('carla', { disabled: true }, 'be-there')],
      'she is gone': [{ type: 'user-removed', name: 'carla' }],
      'the agent was never in the unit': [{ type: 'members', unitId: NORTH, members: [] }],
    }
    for (const [what, edits] of Object.entries(takenAway)) {
      it(`end her tickets at once when ${what}`, async () => {
        const opened = await bench(LISTENER, placed(NORTH), { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS }, user('carla', { role: LISTENER.name, units: [NORTH] }))
        const id = await heard(opened, 'anna')
        const { ticket } = await opened.library.playback.request(await signedIn(opened, 'carla'), id)
        const bearer = { address: '192.0.2.7', actor: null }
        await opened.library.playback.find(ticket, bearer)
        await opened.library.people.edit(ADMINISTRATOR, edits)
        await expectCode(opened.library.playback.find(ticket, bearer), 'TICKET_EXPIRED')
        expect(opened.audited().at(-1)).to.equal('playback.refused refused')
      })
    }

    it('end what she watches: she is told of nothing that she does not reach any more, and the watch ends with her', async () => {
      const opened = await bench(LISTENER, placed(NORTH), { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS }, user('carla', { role: LISTENER.name, units: [NORTH] }), user('dora', { role: LISTENER.name, units: [NORTH] }))
      const [first, second] = [await heard(opened, 'anna'), await heard(opened, 'anna')]
      const watch = async (name: string): Promise<AsyncGenerator<FeedNews, void>> => opened.library.liveFeed.watch(await signedIn(opened, name), { recordingId: null, interactionId: null }, AbortSignal.timeout(10_000))
      const [carlas, doras] = [await watch('carla'), await watch('dora')]
      const seen = [carlas.next(), doras.next()]
      opened.changes.publish(first)
      expect((await Promise.all(seen)).map(({ value }) => value?.recording.id)).to.deep.equal([first, first])
      await opened.library.people.edit(ADMINISTRATOR, [user('carla', { disabled: true }, 'be-there'), user('dora', { units: [] }, 'be-there')])
      const [ended, silent] = [carlas.next(), doras.next()]
      opened.changes.publish(second)
      await expectCode(ended, 'UNAUTHENTICATED')
      await opened.library.people.edit(ADMINISTRATOR, [user('dora', { units: [NORTH] }, 'be-there')])
      opened.changes.publish(first)
      expect((await silent).value?.recording.id, 'and not of the second').to.equal(first)
      await doras.return()
    })

    it('end with the role: a token of a role that is gone is no good', async () => {
      const opened = await bench(LISTENER)
      const { text } = await opened.mint.create({ label: 'desk', role: parseCustomRoleName('listener'), permissions: null, partitions: ['/sales'], expiresAt: null, binding: null }, ADMINISTRATOR.actor)
      expect((await opened.library.authentication.authenticate(text, '192.0.2.7')).role.permissions).to.deep.equal(['search', 'play'])
      await opened.library.people.edit(ADMINISTRATOR, [{ type: 'role-removed', name: parseCustomRoleName('listener') }])
      await expectCode(opened.library.authentication.authenticate(text, '192.0.2.7'), 'UNAUTHENTICATED')
    })

    it('let the leader of a unit pause its calls, and nobody else’s', async () => {
      const opened = await bench(placed(NORTH), { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS }, user('carla', { role: 'supervisor', units: [NORTH] }))
      const carla = await signedIn(opened, 'carla')
      const live = async (agent: string): Promise<Awaited<ReturnType<LibraryBench['recording']>>> => {
        const id = await opened.recording({ partitions: [], interaction: `talk-of-${agent}` })
        const party = { channelId: parseChannelId('1.9'), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: opened.now, toAt: null } as const
        await opened.tell({ type: 'party-joined', recordingId: id, at: opened.now, party })
        return id
      }
      const [annas, bertas] = [await live('anna'), await live('berta')]
      expect((await opened.library.liveControl.control(carla, 'pause', { recordingId: annas })).recordings.map(({ recording }) => recording.id)).to.deep.equal([annas])
      await expectCode(opened.library.liveControl.control(carla, 'pause', { recordingId: bertas }), 'RECORDING_NOT_FOUND')
    })
  })

  describe('calls of her own', () => {
    it('are controlled by whoever controls a team, too, and by nobody whose role may not', async () => {
      const opened = await bench({ ...LISTENER, wish: { permissions: ['search', 'play', 'control-team'], reach: 'named' } }, user('carla', { role: 'supervisor', agent: 'carla' }), user('dora', { role: LISTENER.name, agent: 'carla' }))
      const id = await opened.recording({ partitions: [], interaction: 'talk' })
      const recording = await opened.repository.find(id, { type: 'all' })
      if (recording === null) throw new Error('no recording')
      const { pbxId, channelId, interactionId, direction, startedAt, decision, callId } = recording
      opened.calls = (target) => 'owner' in target && target.owner.agent === 'carla' ? [{ pbxId, callId, channelId, interactionId, direction, beganAt: startedAt, decision, wanting: null, recordings: [recording], stopped: [], elsewhere: [], pauseEndsAt: null }] : []
      opened.answer = async () => await Promise.resolve([{ recordingId: id, outcome: 'done', effectiveAt: opened.now }])
      for (const target of [{ recordingId: id }, { current: true }] as const) {
        expect((await opened.library.liveControl.control(await signedIn(opened, 'carla'), 'pause', target)).recordings.map((controlled) => controlled.recording.id)).to.deep.equal([id])
      }
      await expectCode(opened.library.liveControl.control(await signedIn(opened, 'dora'), 'pause', { recordingId: id }), 'RECORDING_NOT_FOUND')
      await expectCode(opened.library.liveControl.control(await signedIn(opened, 'dora'), 'pause', { current: true }), 'NO_LIVE_CALL')
    })
  })

  describe('their administration', () => {
    it('tells each change in the audit, and what was so already leaves no trace', async () => {
      const edits = (must: 'be-new' | 'be'): readonly PeopleEdit[] => [{ ...LISTENER, must }, placed(NORTH), user('carla', { role: LISTENER.name, units: [NORTH] }, must)]
      const opened = await bench(...edits('be-new'))
      expect(opened.audited()).to.deep.equal(['role.changed', 'org.changed', 'user.changed'])
      expect((await opened.library.people.edit(ADMINISTRATOR, edits('be'))).differences).to.deep.equal([])
      expect(opened.audited()).to.have.length(3)
      expect(opened.audit.entries.at(-1)).to.deep.include({ details: { change: 'made', role: 'listener', roleBefore: null, partitions: '', units: 'north', disabled: false }, personal: { name: 'carla', address: 'local' } })
    })

    it('is for those alone who may manage users, and whom nothing narrows', async () => {
      const opened = await bench({ ...LISTENER, wish: { permissions: ['manage-users'], reach: 'named' } }, user('carla', { role: LISTENER.name, partitions: ['/a'] }), user('dora', { role: 'supervisor' }))
      for (const name of ['carla', 'dora']) {
        const requester = await signedIn(opened, name)
        await expectCode(opened.library.people.read(requester), 'FORBIDDEN')
        await expectCode(opened.library.people.edit(requester, [user('eve', { role: 'compliance-officer' })]), 'FORBIDDEN')
        await expectCode(opened.library.people.restamp(requester), 'FORBIDDEN')
      }
      expect(opened.audited().at(-1)).to.equal('user.changed refused')
    })

    const own: Readonly<Record<string, readonly PeopleEdit[]>> = {
      'her own role': [user('boss', { role: 'compliance-officer' }, 'be-there')],
      'her own partitions': [user('boss', { partitions: ['/a'] }, 'be-there')],
      'the role that she has': [{ type: 'role', name: parseCustomRoleName('manager'), must: 'be-there', wish: { permissions: ['manage-users', 'play'] } }],
      'herself among others': [user('eve', { role: 'agent' }), { type: 'user-removed', name: 'boss' }],
    }
    for (const [what, edits] of Object.entries(own)) {
      it(`lets nobody change ${what}`, async () => {
        const manager: PeopleEdit = { type: 'role', name: parseCustomRoleName('manager'), must: 'be-new', wish: { permissions: ['manage-users'], reach: 'everything' } }
        const opened = await bench(manager, user('boss', { role: manager.name }))
        const before = await opened.people.read()
        await expectCode(opened.library.people.edit(await signedIn(opened, 'boss'), edits), 'FORBIDDEN')
        expect(await opened.people.read()).to.deep.equal(before)
        await opened.library.people.edit(await signedIn(opened, 'boss'), [user('eve', { role: 'compliance-officer' })])
        expect(named(opened, 'eve').role).to.equal('compliance-officer')
      })
    }

    const refused: Readonly<Record<string, readonly [readonly PeopleEdit[], RegExp]>> = {
      'a default role that changes': [[{ type: 'role', name: 'agent', must: 'be', wish: { permissions: ['play'] } }], /built in/],
      'a user of a role that there is not': [[user('eve', { role: parseCustomRoleName('nobody') })], /role nobody, which there is not/],
      'a user without a role': [[user('eve', {})], /needs a role/],
      'a leader of a unit that there is not': [[user('eve', { role: 'supervisor', units: [TOP] })], /unit top, which there is not/],
      'a second user of one name': [[user('CARLA', { role: 'agent' })], /already/],
      'a name that somebody has': [[user('dora', { role: 'agent' }), user('dora', { name: 'Carla' }, 'be-there')], /already/],
      'a circle of units': [[placed(TOP), placed(NORTH, TOP), placed(TOP, NORTH)], /below itself/],
      'a role that somebody has': [[{ type: 'role-removed', name: parseCustomRoleName('listener') }], /role listener is that of carla/],
      'a member of a unit that there is not': [[{ type: 'joined', unitId: TOP, agent: 'anna', span: ALWAYS }], /no unit top/],
      'a user to change who is not there': [[user('eve', { agent: 'eve' }, 'be-there')], /no user eve/],
      'a leader of more units than anybody can': [[user('eve', { role: 'supervisor', units: Array.from({ length: 33 }, (_, index) => parseUnitId(`u${index}`)) })], /at most 32 units/],
      'a name of control characters': [[user('e\u0000ve', { role: 'agent' })], /printable/],
    }
    for (const [what, [edits, message]] of Object.entries(refused)) {
      it(`refuses ${what}, and changes nothing`, async () => {
        const opened = await bench(LISTENER, placed(NORTH), user('carla', { role: LISTENER.name }))
        const before = await opened.people.read()
        expect(await rejection(opened.library.people.edit(ADMINISTRATOR, edits))).to.have.property('message').that.matches(message)
        expect(await opened.people.read()).to.deep.equal(before)
      })
    }

    it('moves agents and units with their time, and asks to look again from the first change on', async () => {
      const opened = await bench(placed(TOP), placed(NORTH, TOP), { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS })
      const at = new Date('2026-02-01T00:00:00.000Z')
      const plan = await opened.library.people.edit(ADMINISTRATOR, [{ type: 'left', unitId: NORTH, agent: 'anna', span: { fromAt: at, toAt: null } }, { type: 'joined', unitId: TOP, agent: 'anna', span: { fromAt: at, toAt: null } }])
      expect(plan.restamp?.from).to.deep.equal(at)
      expect((await opened.people.read()).organisation.members).to.have.deep.members([{ unitId: NORTH, agent: 'anna', fromAt: new Date(0), toAt: at }, { unitId: TOP, agent: 'anna', fromAt: at, toAt: null }])
      const later = new Date('2027-01-01T00:00:00.000Z')
      const moved = await opened.library.people.edit(ADMINISTRATOR, [{ type: 'unit-placed', unitId: NORTH, must: 'be-there', parentId: null, fromAt: later }])
      expect(moved.restamp, 'what is to come needs no second look').to.equal(null)
      expect((await opened.people.read()).organisation.places.filter(({ unitId }) => unitId === NORTH)).to.deep.equal([
        { unitId: NORTH, name: 'north', parentId: TOP, fromAt: new Date(0), toAt: later }, { unitId: NORTH, name: 'north', parentId: null, fromAt: later, toAt: null },
      ])
    })
  })
})
