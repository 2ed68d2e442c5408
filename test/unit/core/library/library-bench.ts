import { createHash } from 'node:crypto'
import { LiveChanges } from '../../../../core/capture/control/live-changes.ts'
import { Seating } from '../../../../core/capture/people/seating.ts'
import { AgeCipher } from '../../../../core/crypto/age-cipher.ts'
import { KeyRing, newIdentity } from '../../../../core/crypto/key-ring.ts'
import { checkPolicyText } from '../../../../config/policy/read-policy.ts'
import type { Rules } from '../../../../core/capture/rules/rulebook.ts'
import type { Requester, Role, TokenBinding } from '../../../../core/domain/actor.ts'
import type { Actor } from '../../../../core/domain/audit-entry.ts'
import { type CaptureFact, isRecordingFact } from '../../../../core/domain/capture-fact.ts'
import { evolve } from '../../../../core/domain/evolve.ts'
import { parseCallId, parseChannelId, parseInteractionId, parseNodeName, parsePbxId, type RecordingId } from '../../../../core/domain/ids.ts'
import { isLive } from '../../../../core/domain/lifecycle.ts'
import type { MediaObject } from '../../../../core/domain/media.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { recipientNamed } from '../../../../core/domain/recipients.ts'
import { firstRecordingIdAt } from '../../../../core/domain/recording-id.ts'
import { type AuditKeys, DEFAULT_AUDIT_KEYS } from '../../../../core/library/audit/audit-question.ts'
import { createLibrary, type Library, type LibraryParts, type PackageParts } from '../../../../core/library/library.ts'
import { TokenMint } from '../../../../core/library/sign-in/token-mint.ts'
import type { AttachedControl, AttachedSetting } from '../../../../core/ports/attached-control.ts'
import type { CaptureControl, ControlCommand, ControlResult, ControlTarget, LiveCall } from '../../../../core/ports/capture-control.ts'
import type { KeyStanding } from '../../../../core/ports/key-standing.ts'
import type { PolicyControl, PolicyReload } from '../../../../core/ports/policy-control.ts'
import type { Runtime } from '../../../../core/ports/runtime.ts'
import { InProcessRecordingChanges } from '../../../../core/store/in-process-recording-changes.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { MemoryCaptureJournal } from '../../../support/fakes/memory-capture-journal.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { MemoryCoverageLedger } from '../../../support/fakes/memory-coverage-ledger.ts'
import { MemoryJobQueue } from '../../../support/fakes/memory-job-queue.ts'
import { MemoryKeyCatalogue } from '../../../support/fakes/memory-key-catalogue.ts'
import { MemoryRecordingRepository } from '../../../support/fakes/memory-recording-repository.ts'
import { MemoryPeopleStore } from '../../../support/fakes/memory-people-store.ts'
import { MemorySignInStore } from '../../../support/fakes/memory-sign-in-store.ts'
import { MemoryTokenStore } from '../../../support/fakes/memory-token-store.ts'
import { NO_REPORTS } from '../../../support/fakes/no-reports.ts'
import { NO_EXPORTS } from '../../../support/fakes/no-exports.ts'
import { NO_DESTRUCTION } from '../../../support/fakes/no-destruction.ts'
import { NO_EVIDENCE } from '../../../support/no-evidence.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { defaultKey, makeAttachedSchema } from '../../../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../../../core/domain/rules/decision-input.ts'
import type { RecordingTerms } from '../../../../core/domain/rules/rule.ts'
import { decisionWith } from '../../../support/decisions.ts'
import { policyWith, SAMPLING_KEY } from '../domain/rules/rule-samples.ts'

export const ANNA: TokenBinding = { agent: 'anna', desks: [], sees: 'live' }
export const OPERATOR: Actor = { type: 'cli', id: 'operator' }
/** What may be attached, and who sees it. */
export const ATTACHED = makeAttachedSchema([
  ...['customerId', 'customer.id', 'mood', 'note', 'a'].map((key) => defaultKey(key, DEFAULT_FACT_KEYS)),
  { ...defaultKey('CONTRACT_VALUE', DEFAULT_FACT_KEYS), visibility: 'restricted' },
  { ...defaultKey('CASE_NOTE', DEFAULT_FACT_KEYS), visibility: 'confidential' },
], DEFAULT_FACT_KEYS)

/** What a recording of a test differs in. */
export interface Wanted {
  readonly partitions?: readonly string[]
  readonly interaction?: string
  readonly attached?: Readonly<Record<string, string>>
  readonly terms?: RecordingTerms
  readonly pause?: 'allowed' | 'forbidden'
  readonly caller?: string
}

/** A file to store, instead of a pattern that stands for one. */
export interface StoredFile {
  readonly plain: Buffer
  readonly media: Pick<MediaObject, 'format' | 'durationMs'>
}

interface Given {
  readonly control?: CaptureControl | null
  readonly seating?: Seating | null
  readonly freeDesks?: readonly string[]
  readonly auditKeys?: AuditKeys
  readonly packages?: PackageParts
  /** What takes the place of the fakes: the stores of a database. */
  readonly stores?: Partial<LibraryParts>
  readonly oidc?: NonNullable<LibraryParts['signIn']['oidc']>
  readonly tokensKnownMs?: number
  /** `none`: this node seals, and opens nothing. */
  readonly identities?: 'none'
}

/** The readers' services over fakes in memory, with real sealing; the clock stands where the test puts it. */
export class LibraryBench {
  now = new Date('2026-03-01T09:00:00.000Z')
  readonly runtime: Runtime & { readonly counted: ReadonlyMap<string, number> } = quietRuntime(() => this.now)
  readonly audit = new MemoryAuditLog()
  readonly tokens = new MemoryTokenStore(this.audit)
  readonly people = new MemoryPeopleStore(this.audit)
  readonly signIn = new MemorySignInStore(this.audit)
  readonly repository = new MemoryRecordingRepository({ audit: this.audit, organisation: () => this.people.people.organisation })
  readonly coverage = new MemoryCoverageLedger(this.repository, this.audit)
  readonly blobs = new MemoryBlobStore()
  readonly keys = new MemoryKeyCatalogue({ repository: this.repository, jobs: new MemoryJobQueue(), audit: this.audit })
  readonly standing: KeyStanding
  readonly changes = new InProcessRecordingChanges()
  rules: Rules = { policy: policyWith({}), attached: ATTACHED }
  /** What reading the policy file again comes to; and who asked for it. */
  reloaded: PolicyReload = { outcome: 'unchanged', advice: [] }
  readonly reloads: (Requester | null)[] = []
  readonly policy: PolicyControl = {
    standing: () => ({ ...this.rules, text: 'rules: []', origin: 'file', sinceAt: this.now, readAt: this.now, problems: [] }),
    read: async (draft) => await Promise.resolve(checkPolicyText(draft, { type: 'given', key: SAMPLING_KEY })),
    reload: async (by) => {
      this.reloads.push(by)
      return await Promise.resolve(this.reloaded)
    },
  }
  readonly settings: AttachedSetting[] = []
  /** The calls that go on, as the capture node knows them. */
  calls: (target: ControlTarget) => readonly LiveCall[] = () => []
  /** What the capture node makes of a value. */
  attach: AttachedControl['attach'] = async ({ value }) => await Promise.resolve({ kept: 'whole', value, noted: [] })
  readonly commands: ControlCommand[] = []
  /** What the PBX makes of a command; a test puts its own answer here. */
  answer: (command: ControlCommand) => Promise<readonly ControlResult[]> = async (command) => this.#done(command)
  readonly mint = new TokenMint({ tokens: this.tokens, people: this.people, clock: this.runtime.clock })
  readonly library: Library
  readonly seating: Seating
  readonly cipher: AgeCipher
  readonly #live = new Map<RecordingId, Recording>()
  #sequence = 0
  #minted = 0

  private constructor(ring: KeyRing, openable: readonly string[], { control = null, seating = null, freeDesks = [], auditKeys = DEFAULT_AUDIT_KEYS, packages = NO_EXPORTS, stores = {}, oidc, tokensKnownMs = 0 }: Given) {
    const cipher = new AgeCipher(ring)
    this.cipher = cipher
    this.standing = { recipients: ring.recipients.map(recipientNamed), openable }
    this.seating = seating ?? new Seating({ journal: new MemoryCaptureJournal(), runtime: this.runtime, pbxIds: [parsePbxId('pbx-1')], changed: () => undefined })
    const capture: CaptureControl = control ?? {
      live: async (target) => await Promise.resolve(this.#liveOf(target)),
      calls: async (target) => await Promise.resolve(this.calls(target)),
      isConfirmedElsewhere: () => true,
      changes: (owner, signal) => new LiveChanges().watch(owner, signal),
      control: (command) => {
        this.commands.push(command)
        return this.answer(command)
      },
    }
    const { repository, audit, tokens, people, signIn, blobs, changes, runtime } = this
    const attached: AttachedControl = {
      attach: (setting, signal) => {
        this.settings.push(setting)
        return this.attach(setting, signal)
      },
    }
    this.library = createLibrary({ repository, audit, evidence: NO_EVIDENCE, tokens, people, signIn: { store: signIn, cost: { logN: 4, r: 8, p: 1 }, tokensKnownMs, ...(oidc === undefined ? {} : { oidc }) }, blobs, cipher, capture, attached, desks: this.seating, seats: repository, freeDesks, changes, coverage: { ledger: this.coverage, toleratedMs: 500 }, policy: this.policy, ...NO_DESTRUCTION, packages, reports: NO_REPORTS, keys: { catalogue: this.keys, standing: this.standing }, runtime, auditKeys, ...stores })
  }

  /** Over a capture node of the test's, where it has one. */
  static async open(given: Given = {}): Promise<LibraryBench> {
    const keys = await testKeys()
    const ring = given.identities === 'none' ? await KeyRing.load({ recipients: keys.recipients.map((text) => ({ place: 'test', text })), identities: [] }) : keys
    return new LibraryBench(ring, await ring.openableRecipients(), given)
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }

  async token(role: Role, partitions: readonly string[] = role === 'supervisor' ? ['/sales'] : []): Promise<string> {
    const binding = role === 'agent' ? ANNA : null
    return (await this.mint.create({ label: `${role} of the test`, role, permissions: null, partitions, binding, expiresAt: null }, OPERATOR)).text
  }

  /** A live recording. */
  async recording(wanted: Wanted = {}): Promise<RecordingId> {
    this.#minted += 1
    const recordingId = firstRecordingIdAt(new Date(this.now.getTime() + this.#minted), 0)
    const interactionId = parseInteractionId(wanted.interaction ?? `talk-${this.#minted}`)
    const channelId = parseChannelId(`177.${this.#minted}`)
    const { partitions = ['/sales'], attached = {}, pause = 'allowed', terms, caller = '+4930123' } = wanted
    await this.tell(
      { type: 'interaction-opened', interactionId, at: this.now },
      {
        type: 'recording-requested', recordingId, at: this.now, interactionId, pbxId: parsePbxId('main'), site: 'north', callId: parseCallId('177.1'), channelId, side: 'source',
        origin: 'controlled', direction: 'inbound', caller: { number: caller, name: null }, callee: { number: '200', name: 'Desk' }, agent: 'agent-a', queue: 'gold', announcement: null, attachedChanges: [], clockOffsetMs: 0,
        decision: decisionWith({ partitions, pause, ...terms === undefined ? {} : { terms }, input: { attached, caller } }),
      },
      { type: 'segment-opened', recordingId, at: this.now, index: 0, channelId, files: { received: `${recordingId}.0.rx.wav`, transmitted: `${recordingId}.0.tx.wav` } },
      { type: 'segment-started', recordingId, at: this.now, index: 0, recorderId: '0x1' },
    )
    return recordingId
  }

  /** A recording that is stored and can be heard. */
  async stored(wanted: Wanted & { readonly sizeBytes?: number; readonly file?: StoredFile } = {}): Promise<{ readonly id: RecordingId; readonly plain: Buffer }> {
    const id = await this.recording(wanted)
    await this.tell({ type: 'recording-stopped', recordingId: id, at: this.now, reason: 'hangup' })
    await this.repository.beginIngest(id)
    const plain = wanted.file?.plain ?? patternBytes(wanted.sizeBytes ?? 200_000)
    const sealed = await this.cipher.seal(inPieces(plain))
    const payload = await collect(sealed.payload)
    await this.blobs.put(`${id}.payload`, inPieces(payload))
    const media = { ...mediaOf(id, plain, payload), ...wanted.file?.media }
    await this.repository.recordMedia(id, { media, header: sealed.header, recipients: sealed.recipients, findings: [], sounds: [] }, {
      at: this.now, actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {},
    })
    return { id, plain }
  }

  /** What the capture node believes; the catalogue hears of it by `tell`. */
  believe(...facts: readonly CaptureFact[]): void {
    for (const fact of facts.filter((one) => isRecordingFact(one))) this.#live.set(fact.recordingId, evolve(this.#live.get(fact.recordingId) ?? null, fact))
  }

  async tell(...facts: readonly CaptureFact[]): Promise<void> {
    this.believe(...facts)
    const { refused } = await this.repository.apply({ node: parseNodeName('capture'), journal: 'of-the-bench' }, facts.map((fact) => ({ sequence: this.#sequence += 1, fact })))
    if (refused.length > 0) throw new Error(`refused: ${refused.map(({ fact }) => fact.type).join(', ')}`)
  }

  /** The actions in the audit, oldest first. */
  audited(): readonly string[] {
    return this.audit.entries.map(({ action, outcome }) => outcome === 'ok' ? action : `${action} ${outcome}`)
  }

  /** Flips one bit of a stored payload. */
  damage(id: RecordingId, at: number): void {
    const payload = this.blobs.blobs.get(`${id}.payload`)
    const byte = payload?.[at]
    if (payload === undefined || byte === undefined) throw new Error('there is no such byte')
    payload[at] = byte ^ 1
  }

  async #done({ target }: ControlCommand): Promise<readonly ControlResult[]> {
    return await Promise.resolve(this.#liveOf(target).map(({ id }) => ({ recordingId: id, outcome: 'done', effectiveAt: this.now })))
  }

  #liveOf(target: ControlCommand['target']): readonly Recording[] {
    return [...this.#live.values()].filter(({ id, interactionId, state }) => isLive(state) && ('recordingId' in target ? id === target.recordingId : 'interactionId' in target && interactionId === target.interactionId))
  }
}

let keys: Promise<KeyRing> | null = null

/** One pair of keys for all tests: making one takes a while. */
function testKeys(): Promise<KeyRing> {
  keys ??= (async () => {
    const identity = await newIdentity(new Date(0))
    return KeyRing.load({ recipients: [{ place: 'test', text: identity.recipient }], identities: [{ place: 'test', text: identity.fileText }] })
  })()
  return keys
}

function mediaOf(id: RecordingId, plain: Buffer, payload: Buffer): MediaObject {
  return {
    format: 'wav-pcm16', channels: 2, sampleRateHz: 8000, beganAt: new Date('2026-11-22T08:00:00Z'), durationMs: Math.floor(plain.length / 32), sizeBytes: plain.length, sha256: createHash('sha256').update(plain).digest('hex'),
    payloadName: `${id}.payload`, payloadSizeBytes: payload.length, payloadSha256: createHash('sha256').update(payload).digest('hex'), headerVersion: 1,
    peaks: [[1, 200, 3, 4, 5], [9, 8, 7, 6, 255]], peakStretchMs: 100, storedAt: new Date('2026-03-01T09:00:01.000Z'),
  }
}
