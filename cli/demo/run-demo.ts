import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadSettings } from '../../config/load-settings.ts'
import type { Requester } from '../../core/domain/actor.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { TokenMint } from '../../core/library/sign-in/token-mint.ts'
import { compose, type Holdfast } from '../compose.ts'
import { ProcessLock } from '../process-lock.ts'
import { serviceRuntime } from '../runtime/service-runtime.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { type DemoCall, placeCall } from './demo-calls.ts'
import { type DemoPbx, type DemoPbxOptions, type DemoPbxType, openDemoPbx } from './demo-pbx.ts'
import { type DemoRecording, playbackAddress, playedBack, settledRecordings } from './demo-recording.ts'
import { GraphqlClient } from './graphql-client.ts'
import { untilReady } from './until-ready.ts'
import { demoVoices } from './voices.ts'

const CALLS: readonly DemoCall[] = [
  { title: 'announcement, then sales', customer: 'customer-1', agent: 'agent-a', dialled: '100', talkMs: 8000, pauseMs: null },
  { title: 'a card number, paused over the API', customer: 'customer-2', agent: 'agent-b', dialled: '101', talkMs: 9000, pauseMs: { from: 3000, to: 6000 } },
  { title: 'support, the agent\'s side', customer: 'customer-3', agent: 'agent-c', dialled: '102', talkMs: 7000, pauseMs: null },
]
/** The link to a PBX on loopback is up within a second; the rest is for a machine that has other work. */
const READY_WITHIN_MS = 15_000
/** From the hang-up to the stored object: a second on an idle machine. */
const STORED_WITHIN_MS = 30_000
const TOKEN_LIFETIME_MS = 24 * 3_600_000

export interface DemoOptions extends DemoPbxOptions {
  readonly pbx: DemoPbxType
}

/** Where a demonstration stands when its calls are over; it serves until it is closed. */
export interface Demo extends AsyncDisposable {
  readonly url: string
  readonly outcome: 'complete' | 'incomplete'
  readonly recordings: readonly (DemoRecording & { readonly playback: 'whole and seekable' | 'altered' | 'none' })[]
  readonly links: readonly string[]
  readonly tokens: { readonly supervisor: string; readonly administrator: string }
}

/** Real calls through a real PBX, recorded, stored and played back. @throws HoldfastError `LAB_UNAVAILABLE`, `LAB_FAILED` */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const { directory, report } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await using stack = new AsyncDisposableStack()
  stack.use(ProcessLock.take(join(directory, 'lock'), runsAlready))
  const pbx = stack.use(await openDemoPbx[options.pbx](options))
  const holdfast = await startHoldfast(pbx, directory)
  stack.defer(() => holdfast.stop())
  const tokens = await createTokens(holdfast)
  const since = systemClock.now()
  const client = new GraphqlClient(`${holdfast.url}/graphql`, tokens.supervisor)
  await untilReady(() => fetch(`${holdfast.url}/readyz`), { log: logOf(directory), withinMs: READY_WITHIN_MS })
  await placeCalls(pbx, client, report)
  const settled = await settledRecordings(client, { since, count: CALLS.length, withinMs: STORED_WITHIN_MS })
  report('playing back what was stored')
  const links: string[] = []
  const recordings: Demo['recordings'][number][] = []
  for (const recording of settled) {
    const address = recording.sha256 === null ? null : await playbackAddress(client, holdfast.url, recording.id)
    if (address !== null) links.push(address)
    recordings.push({ ...recording, playback: address === null || recording.sha256 === null ? 'none' : await playedBack(address, recording.sha256) })
  }
  // More of a call than was asked for is what the PBX recorded by itself, because our answer came late: a busy machine.
  const complete = CALLS.every(({ dialled }) => recordings.some((recording) => recording.dialled === dialled)) && recordings.every(({ state, playback }) => state === 'STORED' && playback === 'whole and seekable')
  const owned = stack.move()
  return { url: holdfast.url, outcome: complete ? 'complete' : 'incomplete', recordings, links, tokens, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function runsAlready(pid: number): HoldfastError {
  return new HoldfastError('LAB_UNAVAILABLE', `another demo runs here (process ${pid}): end it with Ctrl-C, or give this one a folder of its own with --directory`, { pid })
}

async function startHoldfast({ settingsFile }: DemoPbx, directory: string): Promise<Holdfast> {
  const settings = loadSettings(settingsFile)
  const log = createWriteStream(logOf(directory), { flags: 'a' })
  const holdfast = await compose(settings, serviceRuntime(settings, log))
  await holdfast.start()
  return holdfast
}

async function createTokens(holdfast: Holdfast): Promise<Demo['tokens']> {
  const mint = new TokenMint({ tokens: holdfast.store.tokens, people: holdfast.store.people, clock: systemClock })
  const by: Requester['actor'] = { type: 'cli', id: 'demo' }
  const expiresAt = new Date(systemClock.now().getTime() + TOKEN_LIFETIME_MS)
  const supervisor = await mint.create({ label: 'demo supervisor', role: 'supervisor', permissions: null, partitions: ['/sales', '/support'], binding: null, expiresAt }, by)
  const administrator = await mint.create({ label: 'demo administrator', role: 'administrator', permissions: null, partitions: [], binding: null, expiresAt }, by)
  return { supervisor: supervisor.text, administrator: administrator.text }
}

function logOf(directory: string): string {
  return join(directory, 'holdfast.log')
}

async function placeCalls({ sipAddress }: DemoPbx, client: GraphqlClient, report: (line: string) => void): Promise<void> {
  const voices = await demoVoices()
  report(`placing ${CALLS.length} calls at once (${voices.kind === 'spoken' ? 'spoken voices' : 'tones: with espeak-ng installed the parties would speak'})`)
  await Promise.all(CALLS.map(async (call) => {
    report(`  ${call.customer} calls ${call.dialled}: ${call.title}`)
    await placeCall(call, { proxy: sipAddress, voices }, async (action) => {
      await control(client, action, call)
      report(`  ${call.agent}: ${action === 'pause' ? 'paused' : 'resumed'}, confirmed by the PBX`)
    })
  }))
}

interface Active {
  readonly activeRecordings: readonly { readonly plainId: string; readonly callee: { readonly number: string | null } }[]
}
interface Controlled {
  readonly answer: { readonly results: readonly { readonly outcome: string }[] | null; readonly userErrors: readonly { readonly message: string }[] }
}

async function control(client: GraphqlClient, action: 'pause' | 'resume', call: DemoCall): Promise<void> {
  const { activeRecordings } = await client.request<Active>('{ activeRecordings { plainId callee { number } } }')
  const recording = activeRecordings.find(({ callee }) => callee.number === call.dialled)
  if (recording === undefined) throw new HoldfastError('RECORDING_NOT_ACTIVE', `the call to ${call.dialled} is not being recorded`)
  const [mutation, input] = action === 'pause' ? ['recordingPause', 'RecordingPauseInput'] : ['recordingResume', 'RecordingResumeInput']
  const { answer } = await client.request<Controlled>(
    `mutation Control($input: ${input}!) { answer: ${mutation}(input: $input) { results { outcome } userErrors { message } } }`, { input: { recordingId: recording.plainId } })
  const failed = answer.results === null || answer.results.some(({ outcome }) => outcome === 'FAILED')
  if (failed) throw new HoldfastError('PAUSE_FAILED', `${action} of the call to ${call.dialled} failed: ${answer.userErrors.map(({ message }) => message).join('; ')}`)
}
