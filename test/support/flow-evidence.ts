import { expect } from 'chai'
import { type AudioSpan, audioSpans, describeAudio, heardMs } from './audio/describe-audio.ts'
import type { FlowCall } from './flow-call.ts'
import { endpointNamed, FLOW_TONES, type FlowPbx, PARTIES, type Party, telephoneOf } from './flow-plan.ts'
import { until } from './hooks.ts'

/**
 * FreeSWITCH's clock goes in steps of 20 ms (seen), and stands still on a machine without a free core: a call may begin before its flow. A line
 * has one flow, so that nothing else is found by this.
 */
const PBX_BEHIND_MS = 1000
/** From the hang-up to the stored object it takes a second; many calls end at once on a busy machine. */
const SETTLED_WITHIN_MS = 60_000
/** What is lost within two frames of 20 ms is lost in no file: event times differ as much. */
const CLOCKS_MS = 40
const POLL_MS = 500
const SETTLED = new Set(['STORED', 'FAILED', 'NOT_RECORDED'])
/** A piece of this length is the border between two others, a click, or the last packet of somebody who leaves. */
const LEAST_HEARD_MS = 100
/** Between a party's event and its sound lie the PBX's own steps and a frame or two; a busy machine adds some. */
const PARTY_SLACK_MS = 400

/** At most this much of the other side's voice is missing per change. Source: decision 0009, measured on Asterisk 22.10 of Debian */
const LOST_PER_CHANGE_MS = 30
/**
 * The windows in which voices are measured, and what a machine costs that gives Asterisk no turn for a while: none of it on an idle
 * one, 715 ms of 7460 on two cores with eight suites at once (seen). Whose voice is lost in a change has lost 1500 ms at least.
 */
const SLACK_MS = 600
const SLACK_SHARE = 0.12

export interface FlowParty {
  readonly side: string
  readonly channelId: string
  readonly endpoint: string | null
  readonly fromAt: string
  readonly toAt: string | null
}

export interface FlowTransfer {
  readonly kind: string
  readonly by: FlowTransferLeg
  readonly to: FlowTransferLeg
}

interface FlowTransferLeg {
  readonly endpoint: string | null
  readonly identity: { readonly number: string | null }
}

interface Told {
  readonly plainId: string
  readonly state: string
  readonly reason: string | null
  readonly side: string
  readonly origin: string
  readonly agent: string | null
  readonly queue: string | null
  readonly channelId: string
  readonly callee: { readonly number: string | null }
  readonly decision: { readonly rule: string }
  readonly startedAt: string
  readonly endedAt: string | null
  readonly interaction: { readonly plainId: string } | null
  readonly segments: readonly { readonly index: number; readonly startedAt: string; readonly endedAt: string | null }[]
  readonly parties: readonly FlowParty[]
  readonly transfers: readonly FlowTransfer[]
  readonly announcement: { readonly prompt: string; readonly outcome: string } | null
  readonly media: { readonly beganAt: string; readonly durationMs: number } | null
  readonly findings: readonly { readonly code: string }[]
}

const FIELDS = `plainId state reason side origin agent queue channelId callee { number } decision { rule } startedAt endedAt interaction { plainId } segments { index startedAt endedAt }
  parties { side channelId endpoint fromAt toAt }
  transfers { kind by { endpoint identity { number } } to { endpoint identity { number } } } announcement { prompt outcome } media { beganAt durationMs } findings { code }`
/** By whom the PBX says that a call was begun: a party of the line, or whom a test names besides. */
const CALLERS = [...PARTIES, 'somebody'] as const
const OF_TELEPHONES = `query Flow($since: DateTime!, ${CALLERS.map((party) => `$${party}: String!`).join(', ')}) {
  ${CALLERS.map((party) => `${party}: recordings(first: 20, filter: { startedFrom: $since, caller: $${party} }) { nodes { ${FIELDS} } }`).join('\n')} }`
/** Also what the PBX called on behalf of somebody. */
const OF_INTERACTION = `query Whole($id: ID!) { recordings(first: 20, filter: { interactionId: $id }) { nodes { ${FIELDS} } } }`

/** One recording of a flow, with what is heard in both of its lanes. Without sound the lanes are empty. */
export interface FlowRecording extends Omit<Told, 'plainId' | 'interaction'> {
  readonly id: string
  readonly pbx: FlowPbx
  readonly line: string
  readonly interactionId: string | null
  readonly recorded: Lane
  readonly other: Lane
}

/** What is heard in one channel of a recording, or on one side of a telephone. */
export class Lane {
  readonly spans: readonly AudioSpan[]
  readonly #described: string

  constructor(samples: Int16Array) {
    this.spans = audioSpans(samples, FLOW_TONES)
    this.#described = describeAudio(samples, FLOW_TONES)
  }

  /** The tones in the order in which they are heard, such as `a ring b`; silence is left out, and the same tone after silence is told once. */
  get order(): string {
    const heard = this.spans.filter(({ startMs, endMs, content }) => content !== 'zeros' && content !== 'quiet' && endMs - startMs >= LEAST_HEARD_MS).map(({ content }) => content)
    return heard.filter((content, index) => content !== heard[index - 1]).join(' ')
  }

  ms(tone: keyof typeof FLOW_TONES): number {
    return heardMs(this.spans, tone)
  }

  /** From the first to the last instant of a tone, or `null`. */
  extent(tone: string): { readonly fromMs: number; readonly toMs: number } | null {
    const heard = this.spans.filter(({ startMs, endMs, content }) => content.split('+').includes(tone) && endMs - startMs >= LEAST_HEARD_MS)
    const [first] = heard
    const last = heard.at(-1)
    return first === undefined || last === undefined ? null : { fromMs: first.startMs, toMs: last.endMs }
  }

  toString(): string {
    return this.#described
  }
}

/**
 * Every recording of a flow, oldest first, when so many are settled. Throws when they are not in time, or more.
 * @param count - several, where it depends on how busy the machine is
 * @param caller - a number besides those of the line's telephones by which the PBX shows who began the call
 */
export async function recordingsOf(flow: FlowCall, count: number | readonly number[], { caller = null }: { readonly caller?: string | null } = {}): Promise<readonly FlowRecording[]> {
  const { lab } = flow.bench
  const variables = { since: new Date(flow.since.getTime() - PBX_BEHIND_MS).toISOString(), somebody: caller ?? 'nobody', ...Object.fromEntries(PARTIES.map((party) => [party, telephoneOf(party, flow.line)])) }
  const told = await until(async () => {
    const answer = await lab.client.request<Record<(typeof CALLERS)[number], { readonly nodes: readonly Told[] }>>(OF_TELEPHONES, variables)
    const known = CALLERS.flatMap((party) => answer[party].nodes)
    const more = await Promise.all([...new Set(known.flatMap(({ interaction }) => interaction?.plainId ?? []))].map(async (id) => (await lab.client.request<{ readonly recordings: { readonly nodes: readonly Told[] } }>(OF_INTERACTION, { id })).recordings.nodes))
    const found = [...new Map([...known, ...more.flat()].map((one) => [one.plainId, one])).values()].toSorted((one, another) => Number(one.plainId) - Number(another.plainId))
    const all = found.filter((one) => one.state !== 'STORED' || !isKeptBeside(one, found))
    if (![count].flat().includes(all.length) || all.some(({ state }) => !SETTLED.has(state))) throw new Error(`not ${[count].flat().join(' or ')} settled recordings of line ${flow.line}: ${JSON.stringify(all)}`)
    return all
  }, { withinMs: SETTLED_WITHIN_MS, everyMs: POLL_MS })
  return await Promise.all(told.map((one) => withLanes(flow, one)))
}

/**
 * What the dialplan recorded while Holdfast was too late for the first word of a call is kept beside what was wanted: on a busy machine
 * any row may have it. One that began in time beside it is no reason, and then it is one too many.
 */
function isKeptBeside({ origin, interaction, parties }: Told, all: readonly Told[]): boolean {
  const metAt = parties.map(({ fromAt }) => Date.parse(fromAt)).toSorted((one, another) => one - another)[1]
  return origin === 'NATIVE' && metAt !== undefined && all.some((other) => (
    other.origin === 'CONTROLLED' && other.state === 'STORED' && other.interaction?.plainId === interaction?.plainId && Date.parse(other.startedAt) > metAt + CLOCKS_MS
  ))
}

async function withLanes({ bench: { lab, pbx }, line }: FlowCall, { plainId: id, interaction, ...same }: Told): Promise<FlowRecording> {
  const { recorded, other } = same.state === 'STORED' ? await lab.channels(id) : { recorded: new Int16Array(), other: new Int16Array() }
  return { ...same, id, pbx, line, interactionId: interaction?.plainId ?? null, recorded: new Lane(recorded), other: new Lane(other) }
}

/** The endpoint that a party has on the PBX. */
export function endpointOf({ pbx, line }: Pick<FlowRecording, 'pbx' | 'line'>, party: Party): string {
  return endpointNamed(pbx, telephoneOf(party, line))
}

interface Stay {
  readonly fromMs: number
  readonly toMs: number
}

/** When a party was there, in milliseconds of the recording; each of her stays. */
export function staysOf(recording: FlowRecording, party: Party): readonly Stay[] {
  const origin = Date.parse(recording.media?.beganAt ?? recording.startedAt)
  return recording.parties.filter(({ endpoint }) => endpoint === endpointOf(recording, party))
    .map(({ fromAt, toAt }) => ({ fromMs: Date.parse(fromAt) - origin, toMs: Date.parse(toAt ?? recording.endedAt ?? recording.startedAt) - origin }))
}

/** On whose side a party was told to be, stay by stay. */
export function sidesOf(recording: FlowRecording, party: Party): readonly string[] {
  return recording.parties.filter(({ endpoint }) => endpoint === endpointOf(recording, party)).map(({ side }) => side)
}

/** A machine without a free core lets the PBX write more, or less, than the time that passed; ingest has found that out by itself. */
function driftMs({ findings, media, endedAt }: FlowRecording): number {
  if (media === null || endedAt === null || !findings.some(({ code }) => code === 'DRIFT')) return 0
  return Math.abs(media.durationMs - (Date.parse(endedAt) - Date.parse(media.beganAt)))
}

/** FreeSWITCH writes at once what has waited in the network as a call is answered: on a machine without a free core more than there was time for. */
function writtenAtOnceMs({ pbx, media, parties, endedAt }: FlowRecording): number {
  const [first] = parties
  if (pbx !== 'FreeSWITCH' || media === null || endedAt === null || first === undefined) return 0
  return Math.max(0, media.durationMs - (Date.parse(endedAt) - Date.parse(first.fromAt)))
}

/** Whoever is heard on the other side was a party at that time, and whoever was a party for long enough is heard. */
export function expectPartiesAsHeard(recording: FlowRecording): void {
  const told = describeRecording(recording)
  const slackMs = PARTY_SLACK_MS + Math.max(driftMs(recording), writtenAtOnceMs(recording))
  for (const party of PARTIES) {
    const stays = staysOf(recording, party)
    const present = withoutHoles(stays)
    for (const lane of [recording.recorded, recording.other]) {
      const heard = lane.spans.filter(({ startMs, endMs, content }) => content.split('+').includes(party) && endMs - startMs >= LEAST_HEARD_MS)
      for (const { startMs, endMs } of heard) {
        const isCovered = present.some(({ fromMs, toMs }) => startMs >= fromMs - slackMs && endMs <= toMs + slackMs)
        expect(isCovered, `${party} is heard from ${startMs} to ${endMs} ms, and is no party then\n${told}`).to.equal(true)
      }
    }
    for (const { fromMs, toMs } of stays.filter((stay) => stay.toMs - stay.fromMs > 2 * slackMs)) {
      const isHeard = [recording.recorded, recording.other].some((lane) => lane.spans.some(({ startMs, endMs, content }) => content.split('+').includes(party) && startMs < toMs && endMs > fromMs))
      expect(isHeard, `${party} is a party from ${fromMs} to ${toMs} ms, and is not heard\n${told}`).to.equal(true)
    }
  }
}

/**
 * Who is moved from one bridge to another leaves and joins, often within the same instant: two stays are told, because sound may be
 * missing between them (the coverage ledger asks for that), and the voice goes on as if there were one.
 */
function withoutHoles(stays: readonly Stay[]): readonly Stay[] {
  const whole: Stay[] = []
  for (const stay of stays.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = whole.at(-1)
    if (last === undefined || stay.fromMs > last.toMs + PARTY_SLACK_MS) whole.push(stay)
    else whole.splice(-1, 1, { fromMs: last.fromMs, toMs: Math.max(last.toMs, stay.toMs) })
  }
  return whole
}

interface Kept {
  readonly lane: Lane
  readonly heard: Lane
  readonly changes: number
  /** What the coverage ledger tells to be missing. */
  readonly toldMs?: number
}

/**
 * What somebody's telephone got is in the recording of her side: each voice, but for what a change of the other party may cost. A
 * machine without a free core makes a change longer, and telephones late.
 */
export function expectNothingLost(recording: FlowRecording, { lane, heard, changes, toldMs = 0 }: Kept): void {
  for (const party of PARTIES) {
    const lacksMs = heard.ms(party) - lane.ms(party)
    expect(lacksMs, `${party}: ${heard.ms(party)} ms were heard, ${lane.ms(party)} ms are recorded, ${toldMs} ms are told to be missing\nheard: ${heard.toString()}\n${describeRecording(recording)}`)
      .to.be.at.most(toldMs + changes * LOST_PER_CHANGE_MS + Math.max(SLACK_MS, SLACK_SHARE * heard.ms(party)))
  }
}

/**
 * The runs of a recorder that have sound. Where Holdfast is late the dialplan has begun by itself: then ours is withdrawn, and stays in
 * the recording's history as one that ended in the instant of its start.
 */
export function runsOf({ segments }: Pick<FlowRecording, 'segments'>): FlowRecording['segments'] {
  return segments.filter(({ startedAt, endedAt }) => endedAt === null || startedAt < endedAt)
}

/** Everything about a recording in a few lines: what a failed expectation shows. */
export function describeRecording({ id, side, origin, state, reason, agent, segments, parties, findings, recorded, other }: FlowRecording): string {
  const people = parties.map(({ side, endpoint, channelId, fromAt, toAt }) => `${side} ${endpoint ?? channelId} ${fromAt.slice(17)}–${toAt?.slice(17) ?? ''}`).join(', ')
  const runs = segments.map(({ startedAt, endedAt }) => `${startedAt.slice(17)}–${endedAt?.slice(17) ?? ''}`).join(' + ')
  return [
    `${id} ${side} ${origin} ${state} ${reason ?? ''} agent ${agent ?? '?'}, ${runs}, ${findings.map(({ code }) => code).join(' ')}`,
    `  ${people}`,
    `  recorded: ${recorded.toString()}`,
    `  other:    ${other.toString()}`,
  ].join('\n')
}
