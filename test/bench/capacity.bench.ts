import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { furnish, type LabHome } from '../../cli/lab/lab-home.ts'
import { HoldfastProcess, type Measured } from '../support/holdfast-process.ts'
import { type Bench, type BenchForm, quantile } from './bench.ts'
import { BARE_CLIENTS } from './capacity/bare-clients.ts'
import { callsKnown } from './capacity/calls-known.ts'
import { CallPlayer } from './capacity/call-player.ts'
import { type Load, type Played, PLAYED_PBXS, type PlayedPbx } from './capacity/load.ts'

/** Of all PBXs together: each has its share. */
const FORMS: Readonly<Record<BenchForm, Load>> = {
  full: { callsPerSecond: 100, callMs: 50_500, calls: 7000 },
  quick: { callsPerSecond: 20, callMs: 500, calls: 20 },
}
const BYTES_PER_MB = 1e6

type ByPbx = ReadonlyMap<PlayedPbx, Played>

/** One Holdfast steering calls of two PBXs that are played over TCP, beside programs that answer each request with the same two commands. */
export const bench: Bench = async (folder, form) => {
  const load = FORMS[form]
  const bare = await withBareClients(folder, load)
  const holdfast = await withHoldfast(folder, load)
  const behindMs = (played: ByPbx): number => Math.round(Math.max(...[...played.values()].map((each) => each.behindMs)))
  return {
    title: `${Math.round((load.callsPerSecond * load.callMs) / 1000)} calls at once, ${load.callsPerSecond} new ones each second, half of them of each PBX`,
    columns: ['PBX', 'who answers', 'calls', 'at once', 'without a recording', 'not in the catalogue', 'recorded by the dialplan', 'request to recorder p50 ms', 'p99 ms', 'request to answer p99 ms', 'loop delay p99 ms', 'longest ms', 'memory MB', 'CPU s'],
    rows: [...rows('bare commands', bare, null), ...rows('Holdfast', holdfast.played, holdfast)],
    notes: [
      'The events are those of real calls (test/fixtures/*/scenes), each time with ids and times of its own, sent by simulated PBXs in processes of their own, which answer commands as the real ones do and note when they come.',
      'From the request on the wire to the command that starts the recorder, or arms it for the answer: event, rules, journal with fsync, command. Without a recording: no recorder began before the call ended, neither ours nor the dialplan\'s. Not in the catalogue: no recording of the call is, when all is forwarded.',
      'The dialplan records by itself when no answer has come after 250 ms, or the heartbeat is stale; that is told, and adopted.',
      `Players and Holdfast share the machine. How far the players were behind their own timetable at most: ${behindMs(bare)} ms bare, ${behindMs(holdfast.played)} ms with Holdfast; what they are late with is not counted against whoever answers.`,
      'No sound is written, and nothing is ingested: its jobs are queued and wait. Loop delay, memory and CPU are those of the one process that steers both; loop delay is without its sampling of 5 ms, CPU is that of all its threads.',
    ],
  }
}

async function withHoldfast(folder: string, load: Load): Promise<{ readonly played: ByPbx; readonly measured: Measured; readonly known: ReadonlyMap<PlayedPbx, number> }> {
  await using players = await openPlayers(folder)
  const { settingsFile, httpPort, dataDirectory } = await settingsFor(folder, players.ports)
  await using holdfast = await HoldfastProcess.start({ settingsFile, httpPort, logFile: join(folder, 'holdfast.log'), as: 'measured' })
  await holdfast.measured()
  const played = players.play(load)
  // While all of them talk, before the last have ended.
  await delay((load.calls / load.callsPerSecond) * 1000)
  const measured = await holdfast.measured()
  return { played: await played, measured, known: await callsKnown(dataDirectory, load.calls / PLAYED_PBXS.length) }
}

async function withBareClients(folder: string, load: Load): Promise<ByPbx> {
  await using players = await openPlayers(folder)
  const ends = await Promise.all(PLAYED_PBXS.map((pbx) => BARE_CLIENTS[pbx](players.ports[pbx], recordingsOf(folder, pbx))))
  try {
    return await players.play(load)
  } finally {
    for (const end of ends) end()
  }
}

interface Players extends AsyncDisposable {
  readonly ports: Readonly<Record<PlayedPbx, number>>
  play(load: Load): Promise<ByPbx>
}

async function openPlayers(folder: string): Promise<Players> {
  for (const pbx of PLAYED_PBXS) await mkdir(join(recordingsOf(folder, pbx), 'holdfast'), { recursive: true })
  const open = async (pbx: PlayedPbx): Promise<CallPlayer> => await CallPlayer.open(pbx, recordingsOf(folder, pbx))
  const players = { Asterisk: await open('Asterisk'), FreeSWITCH: await open('FreeSWITCH') }
  return {
    ports: { Asterisk: players.Asterisk.port, FreeSWITCH: players.FreeSWITCH.port },
    async play({ callsPerSecond, callMs, calls }) {
      const share: Load = { callsPerSecond: callsPerSecond / PLAYED_PBXS.length, callMs, calls: calls / PLAYED_PBXS.length }
      return new Map(await Promise.all(PLAYED_PBXS.map(async (pbx) => [pbx, await players[pbx].play(share)] as const)))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(PLAYED_PBXS.map((pbx) => players[pbx][Symbol.asyncDispose]()))
    },
  }
}

function recordingsOf(folder: string, pbx: PlayedPbx): string {
  return join(folder, pbx.toLowerCase(), 'recording')
}

async function settingsFor(folder: string, ports: Players['ports']): Promise<LabHome> {
  const shared = (pbx: PlayedPbx): Readonly<Record<string, unknown>> => {
    const directory = recordingsOf(folder, pbx)
    return { id: pbx.toLowerCase(), site: 'lab', spool: { type: 'directory', path: directory }, recordingDirectory: directory }
  }
  const pbxs = [
    { type: 'asterisk', ...shared('Asterisk'), ami: { host: '127.0.0.1', port: ports.Asterisk, username: 'holdfast', secret: 'bench' } },
    { type: 'freeswitch', ...shared('FreeSWITCH'), esl: { host: '127.0.0.1', port: ports.FreeSWITCH, password: 'bench' } },
  ]
  return await furnish({ directory: folder, attachedKeys: [], pbx: {}, more: { pbxs, log: { level: 'error' } } })
}

function rows(who: string, played: ByPbx, holdfast: { readonly measured: Measured; readonly known: ReadonlyMap<PlayedPbx, number> } | null): readonly (readonly (string | number)[])[] {
  const cost = holdfast === null ? ['', '', '', ''] : costOf(holdfast.measured)
  return [...played].map(([pbx, { recorderMs, answerMs, atOnce, unrecorded, native, calls }]) => {
    const figures: (string | number)[] = [pbx, who, calls, atOnce, unrecorded, holdfast === null ? '' : calls - (holdfast.known.get(pbx) ?? 0), native, quantile(recorderMs, 0.5).toFixed(1), quantile(recorderMs, 0.99).toFixed(1), quantile(answerMs, 0.99).toFixed(1)]
    return figures.concat(cost)
  })
}

function costOf({ loopDelayP99Ms, loopDelayMaxMs, rssBytes, cpuSeconds }: Measured): readonly (string | number)[] {
  return [Math.max(0, loopDelayP99Ms - 5).toFixed(1), loopDelayMaxMs.toFixed(0), Math.round(rssBytes / BYTES_PER_MB), cpuSeconds.toFixed(1)]
}
