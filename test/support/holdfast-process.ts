import { type ChildProcess, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { until } from './hooks.ts'
import type { Moment } from './moment.ts'

/** From exec to "ready" it takes a second or two; a busy machine gets the rest. */
const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 15_000
/** The moment comes when a call, or an ingest, has come as far. */
const DEAD_WITHIN_MS = 45_000
/** A message to a process on the same machine. */
const TOLD_WITHIN_MS = 5000
/** The capture control waits five seconds for the PBX. */
const ORDERED_WITHIN_MS = 6000
const SERVE = [join(import.meta.dirname, '../../cli/main.ts'), 'serve', '--config']
const MORTAL = [join(import.meta.dirname, 'mortal-holdfast.ts')]
const CONTROLLED = [join(import.meta.dirname, 'controlled-holdfast.ts')]
const MEASURED = [join(import.meta.dirname, 'measured-holdfast.ts')]
const PROGRAMS = { serve: SERVE, mortal: MORTAL, controlled: CONTROLLED, measured: MEASURED } as const

/** Of a `measured` process, since it was asked last. The delay of the event loop contains the five milliseconds of its own sampling. */
export interface Measured {
  readonly loopDelayP99Ms: number
  readonly loopDelayMaxMs: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
  readonly cpuSeconds: number
}

/** To a `controlled` process. */
export interface ControlOrder {
  readonly number: number
  readonly action: 'pause' | 'resume'
  readonly recordingId: string
}
interface ControlAnswer {
  readonly number: number
  readonly outcome: string
}

export interface HoldfastProcessOptions {
  readonly settingsFile: string
  readonly httpPort: number
  readonly logFile: string
  readonly environment?: NodeJS.ProcessEnv
  /** `mortal`: the same service, which can be told the moment of its death; `controlled`: whose capture control can be commanded; `measured`: which tells what it costs. */
  readonly as?: keyof typeof PROGRAMS
}

/** `holdfast serve` as an administrator runs it: a process of its own, that a test may kill at any moment. */
export class HoldfastProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #orders = 0
  readonly logFile: string

  private constructor(child: ChildProcess, logFile: string) {
    this.#child = child
    this.logFile = logFile
  }

  /** Starts it and waits until `/readyz` of its HTTP port says so. */
  static async start(options: HoldfastProcessOptions): Promise<HoldfastProcess> {
    const holdfast = HoldfastProcess.#spawn(options, [])
    await holdfast.#ready(options.httpPort)
    return holdfast
  }

  /** Starts a mortal one that knows its moment from the beginning, and waits until it is dead. */
  static async startAndDie(options: HoldfastProcessOptions, moment: Moment): Promise<void> {
    const holdfast = HoldfastProcess.#spawn({ ...options, as: 'mortal' }, [JSON.stringify(moment)])
    await holdfast.#dead(DEAD_WITHIN_MS)
  }

  static #spawn(options: HoldfastProcessOptions, words: readonly string[]): HoldfastProcess {
    const { as = 'serve' } = options
    const child = spawn(process.execPath, [...PROGRAMS[as], options.settingsFile, ...words], {
      stdio: as !== 'serve' ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'], env: { ...env, ...options.environment },
    })
    const log = createWriteStream(options.logFile, { flags: 'a' })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    child.once('close', () => log.end())
    return new HoldfastProcess(child, options.logFile)
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** Death without warning, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Tells a mortal process its moment; gives what resolves when it has come and the process is dead. */
  async diesAt(moment: Moment): Promise<{ readonly death: Promise<void> }> {
    const signal = AbortSignal.timeout(TOLD_WITHIN_MS)
    const told = once(this.#child, 'message', { signal })
    this.#child.send(moment)
    await told
    const death = this.#dead(DEAD_WITHIN_MS)
    // A test that fails on its way to the moment does not wait for it.
    death.catch(() => undefined)
    return { death }
  }

  /** Commands the capture control of a `controlled` process; gives the outcomes. */
  async control(action: ControlOrder['action'], recordingId: string): Promise<string> {
    this.#orders += 1
    const number = this.#orders
    const answers = on(this.#child, 'message', { signal: AbortSignal.timeout(ORDERED_WITHIN_MS) }) as AsyncIterable<readonly [ControlAnswer]>
    this.#child.send({ number, action, recordingId } satisfies ControlOrder)
    for await (const [answer] of answers) if (answer.number === number) return answer.outcome
    throw new Error('unreachable: messages have no end')
  }

  /** What a `measured` process has cost since it was asked last. */
  async measured(): Promise<Measured> {
    const told = once(this.#child, 'message', { signal: AbortSignal.timeout(TOLD_WITHIN_MS) })
    this.#child.send('measure')
    const [measured] = await told as [Measured]
    return measured
  }

  /** As `systemctl stop` does it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#hasEnded) return
    const dead = this.#dead(STOP_WITHIN_MS)
    this.#child.kill(signal)
    await dead
  }

  async #dead(withinMs: number): Promise<void> {
    await once(this.#child, 'close', { signal: AbortSignal.timeout(withinMs) })
  }

  async #ready(port: number): Promise<void> {
    await until(async () => {
      // Nobody is going to answer any more: that ends the wait, and is told after it.
      if (this.#hasEnded) return
      const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
      if (!response.ok) throw new Error(`not ready: ${response.status} ${await response.text()} ${await this.lastLines()}`)
      await response.arrayBuffer()
    }, { withinMs: READY_WITHIN_MS, everyMs: 50 })
    if (this.#hasEnded) throw new Error(`holdfast ended: ${await this.lastLines()}`)
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async lastLines(): Promise<string> {
    return (await readFile(this.logFile, 'utf8')).split('\n').slice(-15).join('\n')
  }
}
