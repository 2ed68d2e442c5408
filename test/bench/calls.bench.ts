import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from '../../cli/lab/free-ports.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { machineTime, processSeconds } from '../support/processor-time.ts'
import type { Sipp, SippCounts } from '../support/sipp.ts'
import { type Bench, type BenchForm, ratio } from './bench.ts'
import { type Found, foundInCatalogue, foundInFolder } from './calls/found.ts'
import { startAgents, startCustomers } from './calls/load.ts'

/** What the calls may use of a machine that has to hear people, before it hears them late. */
const MOST_BUSY = 0.7
/** Beside other work it is full sooner, and more calls would tell of that work. */
const FULL = 0.95
/** The number of calls doubles at most from step to step, and aims at the limit. `warmUp`: a process that runs for months has compiled what it is going to. */
const FORMS: Readonly<Record<BenchForm, { readonly firstStep: number; readonly steps: number; readonly callMs: number; readonly warmUp: 'once' | 'none' }>> = {
  full: { firstStep: 25, steps: 5, callMs: 8000, warmUp: 'once' },
  quick: { firstStep: 5, steps: 1, callMs: 2000, warmUp: 'none' },
}
/** Calls before anything is measured. */
const WARM_UP = { concurrent: 10, callMs: 1000 }
/** Ingest of what ended last, on a machine that is nearly used up. */
const STORED_WITHIN_MS = 60_000
const SPOOL_POLL_MS = 100

const POLICY = 'rules:\n  - name: both sides\n    record: both\n'
const extensions = (agentsPort: number): string => `
[from-customer]
; 1…: Holdfast is asked
exten => _1.,1,Set(CUSTOMER_ID=C-\${EXTEN})
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent/sip:agent@127.0.0.1:${agentsPort},20)
 same => n,Hangup()
; 2…: the dialplan records the same by itself
exten => _2.,1,MixMonitor(,r(\${ASTSPOOLDIR}/bare/\${EXTEN}.customer.rx.wav)t(\${ASTSPOOLDIR}/bare/\${EXTEN}.customer.tx.wav))
 same => n,Dial(PJSIP/agent/sip:agent@127.0.0.1:${agentsPort},20,b(bare-agent^\${EXTEN}^1))
 same => n,Hangup()
[bare-agent]
exten => _2.,1,MixMonitor(,r(\${ASTSPOOLDIR}/bare/\${EXTEN}.agent.rx.wav)t(\${ASTSPOOLDIR}/bare/\${EXTEN}.agent.tx.wav))
 same => n,Return()
[from-agent]
`

/** Shares of the machine, while the calls of a step go on at once; and processor time of the whole step, from its first call to its last stored recording. */
interface Cost {
  readonly machineShare: number
  readonly loadShare: number
  /** Neither Asterisk, Holdfast, sipp nor this bench. */
  readonly otherShare: number
  readonly asteriskSeconds: number
  readonly holdfastSeconds: number
}
interface Step {
  readonly concurrent: number
  readonly counts: SippCounts
  readonly cost: Cost
  readonly found: Found
}
interface Site {
  readonly bench: LabBench
  readonly agents: Sipp
  readonly folder: string
  readonly callMs: number
}

/** Concurrent calls in steps, both sides of each recorded: by Holdfast, and beside it by the dialplan's own MixMonitor on the same Asterisk. */
export const bench: Bench = async (folder, form) => {
  const { firstStep, steps, callMs, warmUp } = FORMS[form]
  await using stack = new AsyncDisposableStack()
  const { udp: [agentsPort = 0] } = await freePorts({ tcp: 0, udp: 1 })
  const policyFile = join(folder, 'policy.yaml')
  await writeFile(policyFile, POLICY)
  const lab = stack.use(await LabBench.open({
    extensions: extensions(agentsPort), phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }],
    attachedKeys: ['CUSTOMER_ID'], settings: { policyFile, attachedData: {}, log: { level: 'warn' } },
  }))
  const site: Site = { bench: lab, agents: stack.use(await startAgents(folder, agentsPort)), folder, callMs }
  if (warmUp === 'once') await holdfastStep({ ...site, callMs: WARM_UP.callMs }, WARM_UP.concurrent)
  const holdfast: Step[] = []
  for (let concurrent = firstStep, busy = 0, full = 0; holdfast.length < steps && busy < MOST_BUSY && full < FULL;) {
    const step = await holdfastStep(site, concurrent)
    holdfast.push(step)
    full = step.cost.machineShare
    busy = full - step.cost.otherShare
    concurrent = Math.min(2 * concurrent, Math.ceil((1.05 * concurrent * MOST_BUSY) / busy))
  }
  await lab.holdfast.stop()
  const rows: (readonly (string | number)[])[] = []
  for (const step of holdfast) rows.push(...rowsOf({ bare: await bareStep(site, step.concurrent), holdfast: step, callMs }))
  return { title: 'Concurrent calls, both sides of each recorded', columns: COLUMNS, rows, notes: notesFor(callMs) }
}

async function bareStep(site: Site, concurrent: number): Promise<Step> {
  const folder = join(site.bench.lab.asterisk.spoolDirectory, 'bare')
  await mkdir(folder)
  const { counts, cost } = await placed(site, { prefix: '2', concurrent, holdfast: null, settled: async () => await Promise.resolve() })
  return { concurrent, counts, cost, found: await foundInFolder(folder, site.callMs) }
}

async function holdfastStep(site: Site, concurrent: number): Promise<Step> {
  const { bench, callMs } = site
  const since = new Date()
  const settled = async (): Promise<void> => {
    await until(async () => {
      const waiting = await bench.spool()
      if (waiting.length > 0) throw new Error(`${waiting.length} files wait in the spool`)
    }, { withinMs: STORED_WITHIN_MS, everyMs: SPOOL_POLL_MS })
  }
  const { counts, cost } = await placed(site, { prefix: '1', concurrent, holdfast: bench.holdfast.pid, settled })
  return { concurrent, counts, cost, found: await foundInCatalogue(bench, { since, callMs }) }
}

interface Placing {
  readonly prefix: string
  readonly concurrent: number
  readonly holdfast: number | null
  readonly settled: () => Promise<void>
}

/** Places the calls of a step and measures. */
async function placed({ bench, agents, folder, callMs }: Site, { prefix, concurrent, holdfast, settled }: Placing): Promise<Pick<Step, 'counts' | 'cost'>> {
  const { asterisk } = bench.lab
  const { udp: [port = 0] } = await freePorts({ tcp: 0, udp: 1 })
  const used = async (pid: number | null): Promise<number> => pid === null ? 0 : await processSeconds(pid)
  const before = [await used(asterisk.pid), await used(holdfast)] as const
  await using customers = await startCustomers({ folder, prefix, proxy: asterisk.sipAddress, port, calls: 2 * concurrent, withinMs: 2 * callMs, callMs })
  const load = async (): Promise<number> => await used(agents.pid) + await used(customers.pid)
  const ours = async (): Promise<number> => await load() + await used(asterisk.pid) + await used(holdfast) + await used(process.pid)
  // The first calls end now, and for as long as one lasts no fewer begin.
  await delay(callMs)
  const [machine, loaded, owned] = [await machineTime(), await load(), await ours()]
  await delay(callMs - 200)
  const [machineAfter, loadedAfter, ownedAfter] = [await machineTime(), await load(), await ours()]
  const counts = await customers.done(2 * callMs)
  await settled()
  const after = [await used(asterisk.pid), await used(holdfast)] as const
  const seconds = machineAfter.totalSeconds - machine.totalSeconds
  const busySeconds = machineAfter.busySeconds - machine.busySeconds
  return {
    counts,
    cost: {
      machineShare: busySeconds / seconds, loadShare: (loadedAfter - loaded) / seconds, otherShare: Math.max(0, busySeconds - (ownedAfter - owned)) / seconds,
      asteriskSeconds: after[0] - before[0], holdfastSeconds: after[1] - before[1],
    },
  }
}

const COLUMNS = [
  'calls at once', 'who records', 'offered', 'connected', 'recorded', 'stored', 'lost', 'least heard, %', 'machine, %', 'of it sipp, %', 'of it others, %', 'Asterisk, CPU s per call-minute', 'to dialplan alone',
  'Holdfast, CPU s per call-minute', 'CPU ms per call', 'all to Asterisk alone',
] as const

function rowsOf({ bare, holdfast, callMs }: { readonly bare: Step; readonly holdfast: Step; readonly callMs: number }): readonly (readonly (string | number)[])[] {
  const perMinute = (seconds: number, step: Step): number => seconds / ((step.counts.successful * callMs) / 60_000)
  const alone = perMinute(bare.cost.asteriskSeconds, bare)
  return ([['dialplan alone', bare], ['Holdfast', holdfast]] as const).map(([who, step]) => {
    const { concurrent, counts, cost, found } = step
    const [asterisk, own] = [perMinute(cost.asteriskSeconds, step), perMinute(cost.holdfastSeconds, step)]
    return [
      concurrent, who, counts.created, counts.successful, found.recorded, found.stored, counts.successful - found.whole, percent(found.leastShare), percent(cost.machineShare), percent(cost.loadShare), percent(cost.otherShare),
      asterisk.toFixed(2), ratio(asterisk, alone), own.toFixed(2), ((cost.holdfastSeconds * 1000) / counts.successful).toFixed(1), ratio(asterisk + own, alone),
    ]
  })
}

function notesFor(callMs: number): readonly string[] {
  return [
    `A call lasts ${callMs / 1000} s; so many go on at once, one begins for each that ends, and twice as many are offered in all. A-law both ways, by sipp's rtp_stream.`,
    'Recorded are both lanes of the customer\'s leg and of the agent\'s, by two MixMonitors, in both cases: by rule `record: both`, or by the dialplan with the same options.',
    'Lost: connected, but not stored whole: every recording is listened to, and each voice has to be in its own channel, for 80 % of the call at least. "Least heard" is the worst of all recordings: the side that sends later begins with some silence.',
    'Calls are short, so that many begin and end: the most of what Holdfast costs is paid once a call (26 facts, two seals, some 70 commits); a further minute costs what ingest takes for it (see its table), twice.',
    `Processor time is the whole step's, from the first call to the last stored recording, ingest and sealing included; the machine's share is that of the time in which all calls go on, "others" is what had nothing to do with the calls. The steps end when the calls use ${percent(MOST_BUSY)} % of the machine, or nothing of it is left.`,
  ]
}

function percent(share: number): string {
  return (share * 100).toFixed(0)
}
