import { setTimeout as delay } from 'node:timers/promises'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { LabBench } from '../support/lab-bench.ts'
import { type Bench, type BenchForm, median, quantile } from './bench.ts'
import { KnownNoise, type Run } from './transfer/known-noise.ts'
import { LANE_MANAGER, type OwnLane, OwnLanes } from './transfer/own-lane.ts'
import { talkFor } from '../support/talk-for.ts'

/** Transfers of each kind. */
const TRANSFERS: Readonly<Record<BenchForm, number>> = { full: 24, quick: 1 }
const KINDS = { blind: 'blind (REFER)', attended: 'attended (REFER with Replaces)' } as const
type Kind = keyof typeof KINDS

/** Of the first packet: whoever comes later lies behind, which is what Debian's Asterisk stumbles over. */
const RTP_NUMBERS = { customer: 45_000, a: 60_000, b: 30_000 } as const
const PEOPLE = ['customer', 'a', 'b'] as const
const TALK_MS = 1200
const RINGS_MS = 100
const TALK_DEADLINE_MS = 15_000
/** The PBX closes the lane's files when its leg ends. */
const CLOSED_MS = 300
/** Less than this is a click; a newcomer of whom no more is found was lost. */
const FOUND_MS = 300

const EXTENSIONS = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/a,30,tT)
 same => n,Hangup()
[from-agent]
exten => 200,1,Dial(PJSIP/b,30,tT)
`

/** What one transfer cost, in milliseconds. */
interface Cost {
  /** The newcomer's voice, from the first sample that the customer heard of it to the first that was recorded; `null`: her voice is not in the recording. */
  readonly newcomer: number | null
  /** The longest piece of the customer's own voice that is missing: the cut. */
  readonly stayer: number
  /** What the lane on the newcomer's own leg lacks of what is missing. */
  readonly withLane: number
  /** How far the lane would lie from its true place if it were put there by the PBX's event times alone. */
  readonly misplaced: number | null
  /** Of the customer's voice after the transfer, the share that the other half of that lane has. */
  readonly stayerInLane: number
}

/**
 * What a change of the other party costs with the recorder that is cut for it: of the newcomer and of the customer who stays, to the
 * sample. And what a lane on the newcomer's own leg would give back (decision 0018).
 */
export const bench: Bench = async (_folder, form) => {
  await using lab = await LabBench.open({
    extensions: EXTENSIONS, attachedKeys: [], settings: { log: { level: 'warn' } }, append: { 'manager.conf': LANE_MANAGER },
    phones: PEOPLE.map((name) => ({ name, context: name === 'customer' ? 'from-customer' : 'from-agent' })),
  })
  using lanes = await OwnLanes.open(lab, 'b')
  const costs = new Map<Kind, Cost[]>([['blind', []], ['attended', []]])
  for (let round = 0; round < TRANSFERS[form]; round += 1) {
    for (const kind of ['blind', 'attended'] as const) costs.get(kind)?.push(await transfer(lab, lanes, { kind, seed: round * KINDS_COUNT + (kind === 'blind' ? 0 : 1) }))
  }
  return {
    title: 'What a change of the other party costs',
    columns: ['', 'transfers', 'voice lost', 'newcomer lacks p50 ms', 'p90', 'max', 'who stays lacks p50 ms', 'p90', 'max', 'newcomer lacks with a lane p50 ms', 'max', 'lane misplaced p50 ms', 'max', 'least of who stays in the lane'],
    rows: [...costs].map(([kind, found]) => row(KINDS[kind], found)),
    notes: [
      'Each telephone sends noise of which every sample is known: what is missing is counted in samples. RTP numbers of whoever comes later lie behind.',
      '"Newcomer lacks": from the first of her samples that the customer heard to the first that is stored. "Who stays lacks": the longest piece of the customer\'s voice that is not stored.',
      '"With a lane": another recorder on the newcomer\'s own leg from the moment it is dialled. "Misplaced": how far it would lie from its true place by event times alone; by its overlap with the recording it could be placed to the sample. "In the lane": the least share of the customer\'s voice after a transfer that is in what the newcomer was sent.',
    ],
  }
}

const KINDS_COUNT = Object.keys(KINDS).length

function row(name: string, costs: readonly Cost[]): readonly (string | number)[] {
  const newcomer = costs.flatMap((cost) => cost.newcomer ?? [])
  const stayer = costs.map((cost) => cost.stayer)
  const misplaced = costs.flatMap((cost) => cost.misplaced ?? [])
  const withLane = costs.map((cost) => cost.withLane)
  return [
    name, costs.length, costs.length - newcomer.length, ms(median(newcomer)), ms(quantile(newcomer, 0.9)), ms(Math.max(...newcomer)),
    ms(median(stayer)), ms(quantile(stayer, 0.9)), ms(Math.max(...stayer)), ms(median(withLane)), ms(Math.max(...withLane)),
    ms(median(misplaced)), ms(Math.max(...misplaced)), `${Math.round(Math.min(...costs.map(({ stayerInLane }) => stayerInLane)) * 100)} %`,
  ]
}

interface Voices {
  readonly customer: KnownNoise
  readonly a: KnownNoise
  readonly b: KnownNoise
}

async function transfer(lab: LabBench, lanes: OwnLanes, { kind, seed }: { readonly kind: Kind; readonly seed: number }): Promise<Cost> {
  const since = new Date()
  const voices: Voices = { customer: new KnownNoise(3 * seed + 1), a: new KnownNoise(3 * seed + 2), b: new KnownNoise(3 * seed + 3) }
  await using stack = new AsyncDisposableStack()
  const phone = async (name: (typeof PEOPLE)[number]): Promise<SipPhone> => {
    const opened = stack.use(await SipPhone.open({ name, proxy: lab.lab.asterisk.sipAddress, source: voices[name], sequenceNumber: RTP_NUMBERS[name] }))
    if (name !== 'customer') await opened.register()
    return opened
  }
  const [customerPhone, first, second] = [await phone('customer'), await phone('a'), await phone('b')]
  const customer = await customerPhone.call('100')
  const a = await first.incoming()
  await a.answer({ afterMs: RINGS_MS })
  await customer.answered()
  await talk(a)
  const b = kind === 'blind' ? await passOn(a, second) : await ask(first, second)
  if (kind === 'attended') await b.join(a)
  await talk(b.call)
  await customer.hangUp()
  await b.call.ended()
  const [recording] = await lab.settled(1, { since })
  if (recording === undefined) throw new Error('unreachable: one is settled')
  await delay(CLOSED_MS)
  const stored = { ...await lab.channels(recording.id), beganAt: await beganAt(lab, recording.id) }
  return costOf(voices, { stored, heard: customer.received.toSamples(), lane: await lanes.last() })
}

type Incoming = Awaited<ReturnType<SipPhone['incoming']>>
interface Newcomer {
  readonly call: Incoming
  readonly join: (a: Incoming) => Promise<void>
}

async function passOn(a: Incoming, second: SipPhone): Promise<Newcomer> {
  const told = a.transferBlind('200').catch(() => 0)
  const call = await second.incoming()
  await call.answer({ afterMs: RINGS_MS })
  await told
  return { call, join: async () => await Promise.resolve() }
}

async function ask(first: SipPhone, second: SipPhone): Promise<Newcomer> {
  const consultation = await first.call('200')
  const call = await second.incoming()
  await call.answer({ afterMs: RINGS_MS })
  await consultation.answered()
  await talk(call)
  return { call, join: async (a) => void await a.transferAttended(consultation) }
}

async function talk(call: Pick<Incoming, 'sentSamples' | 'state'>): Promise<void> {
  await talkFor(call, TALK_MS, { withinMs: TALK_DEADLINE_MS })
}

async function beganAt(lab: LabBench, id: string): Promise<Date> {
  const { recording } = await lab.client.request<{ readonly recording: { readonly media: { readonly beganAt: string } } }>('query Q($id: ID!) { recording(id: $id) { media { beganAt } } }', { id })
  return new Date(recording.media.beganAt)
}

interface Found {
  readonly stored: { readonly recorded: Int16Array; readonly other: Int16Array; readonly beganAt: Date }
  readonly heard: Int16Array
  readonly lane: OwnLane
}

function costOf(voices: Voices, { stored, heard, lane }: Found): Cost {
  const [wasHeard] = longEnough(voices.b.runsIn(heard))
  const [wasStored] = longEnough(voices.b.runsIn(stored.other))
  const own = longEnough(voices.customer.runsIn(stored.recorded))
  const inLane = longEnough(voices.b.runsIn(lane.received))
  if (wasHeard === undefined) throw new Error('the customer never heard the newcomer')
  const missing = { from: wasHeard.from, to: Math.max(wasHeard.from, wasStored?.from ?? wasHeard.from + wasHeard.length) }
  const filled = inLane.reduce((sum, run) => sum + Math.max(0, Math.min(missing.to, run.from + run.length) - Math.max(missing.from, run.from)), 0)
  const after = voices.customer.runsIn(lane.transmitted).reduce((sum, { length }) => sum + length, 0)
  return {
    newcomer: wasStored === undefined ? null : (missing.to - missing.from) / SAMPLES_PER_MS,
    stayer: Math.max(0, ...own.slice(1).map((run, index) => run.from - endOf(own[index]))) / SAMPLES_PER_MS,
    withLane: (missing.to - missing.from - filled) / SAMPLES_PER_MS,
    misplaced: wasStored === undefined ? null : misplacedBy({ stored, run: wasStored }, lane, inLane),
    stayerInLane: Math.min(1, after / wasHeard.length),
  }
}

/** The same sample of the newcomer in both: so far its two times differ. */
function misplacedBy({ stored, run }: { readonly stored: Found['stored']; readonly run: Run }, { answeredAt }: OwnLane, inLane: readonly Run[]): number | null {
  const same = inLane.find(({ from, length }) => run.from >= from && run.from < from + length)
  if (same === undefined) return null
  const inRecording = stored.beganAt.getTime() + run.at / SAMPLES_PER_MS
  return Math.abs(inRecording - (answeredAt.getTime() + (same.at + run.from - same.from) / SAMPLES_PER_MS))
}

function longEnough(runs: readonly Run[]): readonly Run[] {
  const whole = runs.reduce((sum, { length }) => sum + length, 0)
  return whole < FOUND_MS * SAMPLES_PER_MS ? [] : runs
}

function endOf(run: Run | undefined): number {
  return run === undefined ? 0 : run.from + run.length
}

function ms(value: number): string {
  return value.toFixed(1)
}
