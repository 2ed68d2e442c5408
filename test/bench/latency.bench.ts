import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { setAcknowledgement, setHeartbeat, startRecorder } from '../../adapters/asterisk/ami-actions.ts'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import { silence } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { type Lab, openLab } from '../../cli/lab/holdfast-lab.ts'
import { programPath } from '../../config/environment.ts'
import { parseChannelId } from '../../core/domain/ids.ts'
import { HoldfastProcess } from '../support/holdfast-process.ts'
import { type Bench, type BenchForm, type BenchResult, quantile, ratio } from './bench.ts'
import { endpointOf } from './lab-endpoint.ts'

const FORMS: Readonly<Record<BenchForm, { readonly rates: readonly number[]; readonly seconds: number }>> = {
  full: { rates: [5, 20], seconds: 15 },
  quick: { rates: [5], seconds: 1 },
}
/** The request, 300 ms of a call, the end. */
const EXTENSIONS = `
[from-customer]
exten => 100,1,Answer()
 same => n,Set(record=source)
 same => n,Set(GRECORD_PARTITIONS=/sales)
 same => n,Set(CUSTOMER_ID=C-1)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,UserEvent(HoldfastBenchWentOn)
 same => n,Wait(0.3)
 same => n,Hangup()
`

/** Of one call, in milliseconds by the PBX's own clock, from the dialplan's request. */
interface Timing {
  readonly runningMs: number | null
  readonly wentOnMs: number | null
}

/**
 * From the dialplan's request to the running MixMonitor, and to the dialplan going on: Holdfast (decision, journal with fsync, command),
 * beside a program that does nothing but send the same two AMI actions as soon as it sees the event.
 */
export const bench: Bench = async (folder, form): Promise<BenchResult> => {
  const { rates, seconds } = FORMS[form]
  const lab = await openLab({
    directory: folder, cacheDir: join(import.meta.dirname, '../../.cache'), extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }],
    attachedKeys: ['CUSTOMER_ID'], searchPath: programPath(), report: () => undefined, settings: { log: { level: 'error' } },
  })
  await using _asterisk = lab.asterisk
  const rows: (readonly (string | number)[])[] = []
  for (const rate of rates) {
    const bare = await withBareClient(lab, () => measure(lab, { rate, seconds }))
    const holdfast = await withHoldfast(lab, () => measure(lab, { rate, seconds }))
    rows.push(...rowsOf(rate, { bare, holdfast }))
  }
  return {
    title: 'From the dialplan\'s request to the running recorder',
    columns: ['calls/s', 'who answers', 'calls', 'running p50 ms', 'p99 ms', 'dialplan went on p50 ms', 'p99 ms', 'p50 to bare'],
    rows,
    notes: [
      'Times are the PBX\'s own (Timestamp of its events): UserEvent HoldfastRecord → MixMonitorStart, and → the UserEvent behind the subroutine.',
      'The dialplan looks for its answer every 10 ms: the second figure is the first, the acknowledgement and up to one turn.',
      `Asterisk, telephone, Holdfast and the observer share the machine; ${seconds} s at each rate, bare and Holdfast in turn on the same Asterisk.`,
    ],
  }
}

async function measure(lab: Lab, { rate, seconds }: { readonly rate: number; readonly seconds: number }): Promise<readonly Timing[]> {
  const seen = new Map<string, { asked: number; running: number | null; wentOn: number | null }>()
  const observer = await AmiConnection.open(endpointOf(lab), { event: (message) => observe(seen, message), fault: () => undefined })
  await using phone = await SipPhone.open({ name: 'customer', proxy: lab.asterisk.sipAddress, source: silence(), keeps: 'counts' })
  const calls: Promise<unknown>[] = []
  for (let placed = 0; placed < rate * seconds; placed += 1) {
    calls.push(phone.call('100').then((call) => call.ended(20_000)))
    await delay(1000 / rate)
  }
  await Promise.all(calls)
  observer.close('measured')
  return [...seen.values()].map(({ asked, running, wentOn }) => ({ runningMs: running === null ? null : running - asked, wentOnMs: wentOn === null ? null : wentOn - asked }))
}

function observe(seen: Map<string, { asked: number; running: number | null; wentOn: number | null }>, message: AmiMessage): void {
  const id = message.get('Uniqueid')
  const at = Number(message.get('Timestamp')) * 1000
  if (id === null) return
  const event = message.get('Event') === 'UserEvent' ? message.get('UserEvent') : message.get('Event')
  const call = seen.get(id)
  if (event === 'HoldfastRecord') seen.set(id, { asked: at, running: null, wentOn: null })
  else if (event === 'MixMonitorStart' && call !== undefined) call.running ??= at
  else if (event === 'HoldfastBenchWentOn' && call !== undefined) call.wentOn ??= at
}

/** A process of its own, as in service. */
async function withHoldfast<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  await using _holdfast = await HoldfastProcess.start({ settingsFile: lab.settingsFile, httpPort: lab.httpPort, logFile: join(lab.dataDirectory, '../holdfast.log') })
  return await work()
}

/** Sends what Holdfast sends, and does nothing else. */
async function withBareClient<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  const connection: AmiConnection = await AmiConnection.open(endpointOf(lab), { event: (message) => void answer(message), fault: () => undefined })
  async function answer(message: AmiMessage): Promise<void> {
    if (message.get('UserEvent') !== 'HoldfastRecord') return
    const channelId = parseChannelId(message.get('Uniqueid') ?? '')
    const file = join(lab.recordingDirectory, 'holdfast', `bare-${channelId}`)
    await connection.request(startRecorder(channelId, { received: `${file}.rx.wav`, transmitted: `${file}.tx.wav` }))
    await connection.request(setAcknowledgement(channelId, message.get('Request') ?? '', 'no'))
  }
  const beat = (): Promise<AmiMessage> => connection.request(setHeartbeat(Math.floor(Date.now() / 1000)))
  await beat()
  const beating = setInterval(() => void beat(), 2000)
  try {
    return await work()
  } finally {
    clearInterval(beating)
    connection.close('measured')
  }
}

function rowsOf(rate: number, { bare, holdfast }: { readonly bare: readonly Timing[]; readonly holdfast: readonly Timing[] }): readonly (readonly (string | number)[])[] {
  const base = quantile(running(bare), 0.5)
  return ([['bare AMI actions', bare], ['Holdfast', holdfast]] as const).map(([who, timings]) => {
    const wentOn = timings.flatMap(({ wentOnMs }) => (wentOnMs === null ? [] : [wentOnMs]))
    const median = quantile(running(timings), 0.5)
    return [rate, who, timings.length, median.toFixed(1), quantile(running(timings), 0.99).toFixed(1), quantile(wentOn, 0.5).toFixed(1), quantile(wentOn, 0.99).toFixed(1), ratio(median, base)]
  })
}

function running(timings: readonly Timing[]): readonly number[] {
  return timings.flatMap(({ runningMs }) => (runningMs === null ? [] : [runningMs]))
}
