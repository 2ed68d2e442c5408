import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { GraphqlClient } from './graphql-client.ts'

/** A recording as the demonstration asks for it. */
export interface DemoRecording {
  readonly id: string
  readonly interactionId: string
  readonly state: string
  readonly reason: string | null
  readonly side: string
  readonly origin: string
  readonly rule: string
  readonly caller: string | null
  readonly dialled: string | null
  readonly agent: string | null
  readonly partitions: readonly string[]
  readonly attachedData: Readonly<Record<string, string>>
  readonly announced: string | null
  readonly startedAt: string
  readonly durationMs: number | null
  readonly channels: number | null
  readonly sha256: string | null
  readonly pauses: readonly { readonly by: string; readonly effectiveAt: string | null; readonly resumedAt: string | null }[]
  readonly findings: readonly string[]
}

interface Answer {
  readonly recordings: { readonly nodes: readonly AnsweredRecording[] }
}
interface AnsweredRecording extends Omit<DemoRecording, 'id' | 'interactionId' | 'rule' | 'caller' | 'dialled' | 'attachedData' | 'announced' | 'durationMs' | 'channels' | 'sha256' | 'findings'> {
  readonly plainId: string
  readonly interaction: { readonly plainId: string } | null
  readonly decision: { readonly rule: string }
  readonly caller: { readonly number: string | null }
  readonly callee: { readonly number: string | null }
  readonly attachedData: readonly { readonly key: string; readonly value: string }[]
  readonly announcement: { readonly outcome: string } | null
  readonly media: { readonly durationMs: number; readonly channels: number; readonly sha256: string } | null
  readonly findings: readonly { readonly code: string }[]
}

const QUERY = `query Demo($since: DateTime!) { recordings(first: 100, filter: { startedFrom: $since }) { nodes {
  plainId state reason side origin agent partitions startedAt interaction { plainId } decision { rule } caller { number } callee { number }
  attachedData { key value } announcement { outcome } media { durationMs channels sha256 }
  pauses { by effectiveAt resumedAt } findings { code } } } }`

/** States in which nothing more is going to happen to a recording by itself. */
const SETTLED = new Set(['STORED', 'FAILED', 'NOT_RECORDED', 'ARCHIVED', 'PURGED'])
const POLL_MS = 200

/** Waits until that many recordings that began since then are settled, and none is under way; gives all of them, oldest first. */
export async function settledRecordings(client: GraphqlClient, { since, count, withinMs }: { readonly since: Date; readonly count: number; readonly withinMs: number }): Promise<readonly DemoRecording[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const { recordings } = await client.request<Answer>(QUERY, { since: since.toISOString() })
    const settled = recordings.nodes.filter(({ state }) => SETTLED.has(state))
    const isOver = settled.length >= count && settled.length === recordings.nodes.length
    if (isOver || performance.now() > deadline) return recordings.nodes.toReversed().map(fromAnswer)
    await delay(POLL_MS)
  }
}

function fromAnswer({ plainId, interaction, decision, caller, callee, attachedData, announcement, media, findings, ...same }: AnsweredRecording): DemoRecording {
  return {
    ...same,
    id: plainId,
    interactionId: interaction?.plainId ?? '',
    rule: decision.rule,
    caller: caller.number,
    dialled: callee.number,
    attachedData: Object.fromEntries(attachedData.map(({ key, value }) => [key, value])),
    announced: announcement?.outcome ?? null,
    durationMs: media?.durationMs ?? null,
    channels: media?.channels ?? null,
    sha256: media?.sha256 ?? null,
    findings: findings.map(({ code }) => code),
  }
}

interface Playback {
  readonly recordingRequestPlayback: { readonly playback: { readonly path: string } | null; readonly userErrors: readonly { readonly message: string }[] }
}

/** A ticket's address for the audio of one recording. */
export async function playbackAddress(client: GraphqlClient, base: string, recordingId: string): Promise<string> {
  const { recordingRequestPlayback: { playback, userErrors } } = await client.request<Playback>(
    'mutation Play($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } userErrors { message } } }', { id: recordingId })
  if (playback === null) throw new HoldfastError('MEDIA_NOT_READY', `no playback of ${recordingId}: ${userErrors.map(({ message }) => message).join('; ')}`)
  return `${base}${playback.path}`
}

/** A listener on loopback takes a recording of some seconds in no time. */
const LISTEN_DEADLINE_MS = 30_000

/** Listens to the whole and to a part from the middle, as a player does that seeks; tells whether both are what was sealed. */
export async function playedBack(address: string, sha256: string): Promise<'whole and seekable' | 'altered'> {
  const signal = AbortSignal.timeout(LISTEN_DEADLINE_MS)
  const whole = new Uint8Array(await (await fetch(address, { signal })).arrayBuffer())
  const from = Math.floor(whole.length / 2)
  const answer = await fetch(address, { headers: { range: `bytes=${from}-${from + 999}` }, signal })
  const part = new Uint8Array(await answer.arrayBuffer())
  const same = answer.status === 206 && Buffer.compare(part, whole.subarray(from, from + 1000)) === 0
  return same && createHash('sha256').update(whole).digest('hex') === sha256 ? 'whole and seekable' : 'altered'
}
