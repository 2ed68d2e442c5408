import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { audioSpans, heardMs } from '../../support/audio/describe-audio.ts'
import { readMonoWav } from '../../support/audio/read-wav.ts'
import type { LabBench } from '../../support/lab-bench.ts'
import { TONES } from './load.ts'

/**
 * Less of a voice than this share of the call, in its own channel, is a lost call. The other side begins to send a few packets later, and
 * a machine without a free core costs some hundred milliseconds more; what a recorder costs that begins late is seconds, or all.
 */
const LEAST_SHARE = 0.8
/** Players at once: more than one, so that it does not last; few, as on any machine. */
const LISTENERS = 4
/** Each a page of the catalogue. */
const PAGE = 100

/** What is left of the calls of one step, by the catalogue and by what is heard. */
export interface Found {
  /** Calls whose every side has a row in the catalogue, or its files. */
  readonly recorded: number
  /** Calls whose every side is stored. */
  readonly stored: number
  /** Of them, where both voices are heard in their channels for the length of the call. */
  readonly whole: number
  /** Recordings that the dialplan began by itself, because the answer came too late. */
  readonly native: number
  /** The least share of a call for which a voice is heard in a recording. */
  readonly leastShare: number
}

interface Row {
  readonly plainId: string
  readonly state: string
  readonly side: 'SOURCE' | 'DESTINATION'
  readonly origin: string
  readonly callee: { readonly number: string | null }
}

interface Page {
  readonly recordings: { readonly nodes: readonly Row[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } }
}

/** What the catalogue has of the calls since then, each listened to as a player does it. */
export async function foundInCatalogue(bench: LabBench, { since, callMs }: { readonly since: Date; readonly callMs: number }): Promise<Found> {
  const rows = await rowsSince(bench, since)
  const shares = new Map<Row, number>()
  const waiting = rows.filter(({ state }) => state === 'STORED')
  const listen = async (): Promise<void> => {
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      const { recorded, other } = await bench.channels(row.plainId)
      const own = row.side === 'SOURCE' ? TONES.customer : TONES.agent
      shares.set(row, Math.min(shareOf(recorded, own, callMs), shareOf(other, own === TONES.agent ? TONES.customer : TONES.agent, callMs)))
    }
  }
  await Promise.all(Array.from({ length: LISTENERS }, listen))
  const calls = [...Map.groupBy(rows, ({ callee }) => callee.number).values()].filter((sides) => new Set(sides.map(({ side }) => side)).size === 2)
  return {
    recorded: calls.length,
    stored: calls.filter((sides) => sides.every(({ state }) => state === 'STORED')).length,
    whole: calls.filter((sides) => sides.every((row) => (shares.get(row) ?? 0) >= LEAST_SHARE)).length,
    native: rows.filter(({ origin }) => origin === 'NATIVE').length,
    leastShare: Math.min(...shares.values()),
  }
}

/** What lies in a folder of `<call>.<side>.rx.wav` and `.tx.wav`; it is removed. */
export async function foundInFolder(folder: string, callMs: number): Promise<Found> {
  const names = await readdir(folder).catch(() => [])
  const shares: number[] = []
  const calls = Map.groupBy(names, (name) => name.split('.')[0] ?? '')
  let whole = 0
  for (const files of calls.values()) {
    const heard = await Promise.all(files.map(async (name) => {
      const hz = name.includes('.customer.rx') || name.includes('.agent.tx') ? TONES.customer : TONES.agent
      return shareOf(await readMonoWav(join(folder, name)), hz, callMs)
    }))
    shares.push(...heard)
    if (files.length === 4 && Math.min(...heard) >= LEAST_SHARE) whole += 1
  }
  await rm(folder, { recursive: true, force: true })
  const complete = [...calls.values()].filter((files) => files.length === 4).length
  return { recorded: complete, stored: complete, whole, native: 0, leastShare: Math.min(...shares) }
}

async function rowsSince(bench: LabBench, since: Date): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let after: string | null = null; ;) {
    const { recordings: { nodes, pageInfo } }: Page = await bench.client.request<Page>(
      `query Rows($since: DateTime!, $after: String) { recordings(first: ${PAGE}, after: $after, filter: { startedFrom: $since }) {
        nodes { plainId state side origin callee { number } } pageInfo { hasNextPage endCursor } } }`, { since: since.toISOString(), after })
    rows.push(...nodes)
    if (!pageInfo.hasNextPage) return rows
    after = pageInfo.endCursor
  }
}

function shareOf(samples: Int16Array, hz: number, callMs: number): number {
  return Math.min(1, heardMs(audioSpans(samples, { voice: hz }), 'voice') / callMs)
}
