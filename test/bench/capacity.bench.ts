import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { setAcknowledgement, startRecorder } from '../../adapters/asterisk/ami-actions.ts'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import { furnish } from '../../cli/lab/lab-home.ts'
import { parseChannelId } from '../../core/domain/ids.ts'
import { HoldfastProcess, type Measured } from '../support/holdfast-process.ts'
import { type Bench, type BenchForm, quantile } from './bench.ts'
import { CallPlayer } from './capacity/call-player.ts'
import type { Load, Played } from './capacity/load.ts'

const FORMS: Readonly<Record<BenchForm, Load>> = {
  full: { callsPerSecond: 100, callMs: 50_500, calls: 7000 },
  quick: { callsPerSecond: 20, callMs: 500, calls: 20 },
}
const BYTES_PER_MB = 1e6

/** One Holdfast steering calls of a PBX that is played over TCP, beside a program that answers each request with the same two commands. */
export const bench: Bench = async (folder, form) => {
  const load = FORMS[form]
  const bare = await withBareClient(load)
  const holdfast = await withHoldfast(folder, load)
  return {
    title: `${Math.round((load.callsPerSecond * load.callMs) / 1000)} calls at once, ${load.callsPerSecond} new ones each second`,
    columns: ['PBX', 'who answers', 'calls', 'at once', 'without a recording', 'answer later than 250 ms', 'request to recorder p50 ms', 'p99 ms', 'request to answer p99 ms', 'loop delay p99 ms', 'longest ms', 'memory MB', 'CPU s'],
    rows: [row('bare AMI actions', bare, null), row('Holdfast', holdfast.played, holdfast.measured)],
    notes: [
      'The events are those of a real call (test/fixtures/asterisk/scenes), each time with ids and times of its own, sent by a simulated PBX in a process of its own, which answers commands as Asterisk does and notes when they come.',
      'From the request on the wire to the command that starts the recorder: event, rules, journal with fsync, command. Without a recording: no recorder was started before the call ended.',
      `Player and Holdfast share the machine. How far the player was behind its own timetable at most: ${Math.round(bare.behindMs)} ms bare, ${Math.round(holdfast.played.behindMs)} ms with Holdfast; what it is late with is not counted against whoever answers.`,
      'No sound is written, and nothing is ingested: its jobs are queued and wait. Loop delay is that of the one process, without its sampling of 5 ms; CPU is that of all its threads.',
    ],
  }
}

async function withHoldfast(folder: string, load: Load): Promise<{ readonly played: Played; readonly measured: Measured }> {
  await using player = await CallPlayer.open()
  const { settingsFile, httpPort } = await settingsFor(folder, player.port)
  await using holdfast = await HoldfastProcess.start({ settingsFile, httpPort, logFile: join(folder, 'holdfast.log'), as: 'measured' })
  await holdfast.measured()
  const played = player.play(load)
  // While all of them talk, before the last have ended.
  await delay((load.calls / load.callsPerSecond) * 1000)
  const measured = await holdfast.measured()
  return { played: await played, measured }
}

async function settingsFor(folder: string, amiPort: number): Promise<{ readonly settingsFile: string; readonly httpPort: number }> {
  const recordings = join(folder, 'spool/recording')
  await mkdir(join(recordings, 'holdfast'), { recursive: true })
  return await furnish({
    directory: folder, attachedKeys: [], more: { log: { level: 'error' } },
    pbx: {
      type: 'asterisk', ami: { host: '127.0.0.1', port: amiPort, username: 'holdfast', secret: 'bench' },
      spool: { type: 'directory', path: recordings }, recordingDirectory: recordings,
    },
  })
}

/** Sends what Holdfast sends, and does nothing else. */
async function withBareClient(load: Load): Promise<Played> {
  await using player = await CallPlayer.open()
  const connection: AmiConnection = await AmiConnection.open({ host: '127.0.0.1', port: player.port, username: 'bare', secret: 'bare', tls: null }, { event: (message) => void answer(message), fault: () => undefined })
  async function answer(message: AmiMessage): Promise<void> {
    if (message.get('UserEvent') !== 'HoldfastRecord') return
    const channelId = parseChannelId(message.get('Uniqueid') ?? '')
    await connection.request(startRecorder(channelId, { received: `/${channelId}.rx.wav`, transmitted: `/${channelId}.tx.wav` }))
    await connection.request(setAcknowledgement(channelId, message.get('Request') ?? '', 'no'))
  }
  try {
    return await player.play(load)
  } finally {
    connection.close('measured')
  }
}

function row(who: string, { recorderMs, answerMs, atOnce, unrecorded, late, calls }: Played, measured: Measured | null): readonly (string | number)[] {
  const cost = measured === null ? ['', '', '', ''] : [
    Math.max(0, measured.loopDelayP99Ms - 5).toFixed(1), measured.loopDelayMaxMs.toFixed(0), Math.round(measured.rssBytes / BYTES_PER_MB), measured.cpuSeconds.toFixed(1),
  ]
  return ['Asterisk', who, calls, atOnce, unrecorded, late, quantile(recorderMs, 0.5).toFixed(1), quantile(recorderMs, 0.99).toFixed(1), quantile(answerMs, 0.99).toFixed(1), ...cost]
}
