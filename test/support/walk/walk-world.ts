import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Role, RoleName, TokenBinding } from '../../../core/domain/actor.ts'
import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import type { CaptureFact } from '../../../core/domain/capture-fact.ts'
import { parseChannelId, parseHoldId, parseNodeName, parsePbxId, parseTokenId, parseUnitId, parseUserId } from '../../../core/domain/ids.ts'
import { formatToken, secretDigest } from '../../../core/library/sign-in/token-text.ts'
import type { Store } from '../../../core/store/catalogue.ts'
import { openSqliteStore } from '../../../core/store/sqlite-store.ts'
import { ServerBench } from '../../unit/graphql/server-bench.ts'
import { LibraryBench } from '../../unit/core/library/library-bench.ts'
import { decisionWith } from '../decisions.ts'
import { journalled, mediaOf, MORNING, requested, seconds, wholeLife } from '../recording-facts.ts'
import { HIDDEN, OWN, SHARED_LABEL } from './walk-words.ts'

/** Somebody who walks: a default role, and how it is narrowed. */
export interface Walker {
  readonly role: RoleName
  readonly partitions: readonly string[]
  readonly units: readonly string[]
  readonly binding: TokenBinding | null
}

const SECRET = 'A'.repeat(43)
const TOKEN = parseTokenId('00000000000000aa')
const WALKER = parseUserId('00000000000000ab')
const NODE = parseNodeName('walk')
const PBX = parsePbxId('main')

/** An installation in SQLite, served over HTTP: with what is out of reach, or without it and otherwise the same. */
export class WalkWorld implements AsyncDisposable {
  readonly server: ServerBench
  readonly store: Store
  readonly #directory: string
  readonly #walker: Walker

  private constructor(server: ServerBench, store: Store, { directory, walker }: { readonly directory: string; readonly walker: Walker }) {
    this.server = server
    this.store = store
    this.#directory = directory
    this.#walker = walker
  }

  static async open(directory: string, walker: Walker, hidden: 'with-hidden' | 'without-hidden'): Promise<WalkWorld> {
    const now = (): Date => seconds(600)
    const seed = await LibraryBench.open()
    const store = await openSqliteStore({ file: join(directory, `${hidden}.db`), journalFile: join(directory, `${hidden}-journal.db`), node: NODE, nodeNumber: 0, runtime: { ...seed.runtime, clock: { ...seed.runtime.clock, now } } })
    const { audit, evidence, tokens, people, holds, destructions, subjects, coverage, repository, seats, keys, reports } = store
    const bench = await LibraryBench.open({ stores: {
      repository, audit, evidence, tokens, people, holds, destructions, subjects, seats, reports, coverage: { ledger: coverage, toleratedMs: 500 }, keys: { catalogue: keys, standing: seed.standing }, signIn: { store: store.signIn, cost: { logN: 4, r: 8, p: 1 } },
    } })
    bench.now = now()
    await furnish(store, bench, OWN)
    if (hidden === 'with-hidden') await furnish(store, bench, HIDDEN)
    await invite(store, walker)
    const limits = { maxTokens: 100_000, maxDepth: 100, maxAliases: 10_000, maxCost: 1e12 }
    const server = await ServerBench.open({ limits, rates: { burst: 1_000_000, perMinute: 1_000_000 }, maxBodyBytes: 1_000_000, executionDeadlineMs: 60_000 }, bench)
    return new WalkWorld(server, store, { directory, walker })
  }

  /** The credentials of whoever walks. */
  async headers(): Promise<Readonly<Record<string, string>>> {
    if (this.#walker.units.length === 0) return { Authorization: `Bearer ${formatToken({ id: TOKEN, secret: SECRET })}` }
    const user = await this.server.bench.library.authentication.user(WALKER, '127.0.0.1')
    if (user === null) throw new Error('nobody walks')
    const { text } = await this.server.bench.library.sessions.begin(user, { attemptsKey: { who: WALKER, network: 'loopback' }, method: 'password' })
    return { Cookie: `holdfast-session=${text}`, Origin: new URL(this.server.server.url).origin }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    await this.store.close()
    await rm(this.#directory, { recursive: true, force: true })
  }
}

type Things = typeof OWN | typeof HIDDEN

/** A stored recording, one that goes on, a hold on the first, who works there, and what is written of it. */
async function furnish(store: Store, bench: LibraryBench, things: Things): Promise<void> {
  const after = things === OWN ? 0 : 1000
  const always = { fromAt: new Date(0), toAt: null }
  const unit = parseUnitId(things.unit)
  await store.people.change(() => ({
    changes: [{ type: 'unit', id: unit, places: [{ unitId: unit, name: things.unit, parentId: null, ...always }] }, { type: 'members', agent: things.agent, memberships: [{ unitId: unit, agent: things.agent, ...always }] }],
    audit: [told('org.changed', things)], restamp: null,
  }))
  const options = { partitions: [things.partition], interaction: things.interactionId, attached: { customerId: things.customer } }
  const change = { pbxId: PBX, agent: things.agent, caller: { number: things.number, name: things.agent }, decision: decisionWith({ partitions: [things.partition], labels: [SHARED_LABEL, things.label], input: { attached: { customerId: things.customer }, caller: things.number } }) }
  const done = wholeLife({ id: things.recordingId, ...options, change }).map((fact) => spokenBy(fact, things.agent))
  const live: readonly CaptureFact[] = [
    requested({ id: things.liveId, ...options, change: { ...change, channelId: parseChannelId(`17.${after}`) } }),
    { type: 'segment-opened', recordingId: things.liveId, at: MORNING, index: 0, channelId: parseChannelId(`17.${after}`), files: { received: `${things.liveId}.0.rx.wav`, transmitted: `${things.liveId}.0.tx.wav` } },
    { type: 'segment-started', recordingId: things.liveId, at: MORNING, index: 0, recorderId: 'mm-9' },
    { type: 'party-joined', recordingId: things.liveId, at: seconds(20), party: { channelId: parseChannelId(`18.${after}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent: things.agent, fromAt: seconds(20), toAt: null } },
  ]
  bench.believe(...live)
  await store.repository.apply({ node: NODE, journal: `walk-${after}` }, journalled([...done.filter(({ type }) => type !== 'interaction-ended'), ...live]))
  await store.repository.beginIngest(things.recordingId)
  await store.repository.recordMedia(things.recordingId, { media: mediaOf(things.recordingId), header: new Uint8Array([1]), recipients: ['age1walk'], findings: [{ code: 'gap', segmentIndex: 0, at: MORNING, details: { ms: 7 } }], sounds: [] }, told('recording.stored', things))
  const hold = { id: parseHoldId(things.hold), caseName: things === HIDDEN ? 'black case' : 'white case', reason: 'a court asks', placedBy: { type: 'cli', id: 'operator' }, placedAt: seconds(60) } as const
  await store.holds.place({ ...hold, scope: { type: 'named', partitions: [things.partition], units: [] }, members: { recordings: [things.recordingId], searches: [] } }, told('hold.placed', things))
}

function spokenBy(fact: CaptureFact, agent: string): CaptureFact {
  if (fact.type === 'agent-known') return { ...fact, agent }
  return fact.type === 'party-joined' ? { ...fact, party: { ...fact.party, agent } } : fact
}

async function invite(store: Store, { role, partitions, units, binding }: Walker): Promise<void> {
  const by = told('token.created', OWN)
  await store.tokens.create({ id: TOKEN, label: 'walker', role, permissions: null, partitions, binding, secretSha256: secretDigest(SECRET), createdAt: seconds(0), expiresAt: null, revokedAt: null }, by)
  await store.people.change(() => ({ changes: [{ type: 'user', user: { id: WALKER, name: 'walker', role, agent: binding?.agent ?? null, partitions, units: units.map(parseUnitId), createdAt: seconds(0), disabledAt: null } }], audit: [], restamp: null }))
}

function told(action: AuditDraft['action'], { recordingId, number }: Things): AuditDraft {
  return { at: seconds(30), actor: { type: 'system', id: 'walk' }, action, object: { type: 'recording', id: recordingId }, outcome: 'ok', reason: null, details: {}, personal: { caller: number } }
}

/** Default roles, each narrowed in every way in which it can be: those whom nothing narrows reach everything. */
export const WALKERS: Readonly<Record<string, Walker>> = {
  'a supervisor of a partition': walker('supervisor', { partitions: ['/sales'] }),
  'a supervisor who leads a unit': walker('supervisor', { units: ['sales'] }),
  'a compliance officer of a partition': walker('compliance-officer', { partitions: ['/sales'] }),
  'an integrator of a partition': walker('integrator', { partitions: ['/sales'] }),
  'an agent': walker('agent', { binding: { agent: OWN.agent, desks: [], sees: 'live' } }),
  'an agent with recordings of her own': walker('agent', { binding: { agent: OWN.agent, desks: [], sees: 'own' } }),
}

function walker(role: Role, narrowed: Partial<Omit<Walker, 'role'>>): Walker {
  return { role, partitions: [], units: [], binding: null, ...narrowed }
}
