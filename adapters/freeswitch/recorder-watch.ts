import type { Channel } from '../../core/domain/call.ts'
import type { ChannelId, PbxId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { RecordingSource } from '../../core/ports/recording-source.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { FilesByLeg } from './files-by-leg.ts'

/**
 * What is wrong with a recorder that should run, told while its call lasts.
 * - `not-started`: its leg was answered, and FreeSWITCH has not told that it began
 * - `standing-still`: its file does not grow: bypass or proxy media, or a leg from which nothing comes
 * - `file-missing`: somebody took its file away; FreeSWITCH writes on into nothing, and calls it a success
 * - `write-failed`: FreeSWITCH cannot write: a full disk, as a rule
 * - `discarded`: FreeSWITCH has thrown the file away at its end, because nothing was in it
 */
export const RECORDER_FAULTS = ['not-started', 'standing-still', 'file-missing', 'write-failed', 'discarded'] as const
export type RecorderFault = (typeof RECORDER_FAULTS)[number]

export interface RecorderWatchOptions {
  readonly pbxId: PbxId
  readonly runtime: Runtime
  readonly spool: Pick<RecordingSource, 'stat'>
  /** Its leg was answered, and it did not begin: it is begun by hand. */
  readonly begin: (file: string, channelId: ChannelId) => void
}

/** A recorder begins within 20 ms of the answer, and after six seconds on a machine that is overloaded (measured). */
const START_DEADLINE_MS = 2_000
/** Every frame is written as it comes; a file system that has to wait for its disk may take seconds (a guess). */
const STILL_MS = 6_000
/** Who hangs up at once has said nothing: no file is no loss (a guess). */
const SHORT_MS = 1_000
/** RECORD_STOP comes before the end of its leg is told (15 of 15), or not at all: a recorder whose leg is gone is not waited for without end. */
const STOP_TOLD_MS = 60_000
/** One stat on a local disk. */
const STAT_DEADLINE_MS = 2_000

interface Run {
  readonly channelId: ChannelId
  readonly faults: Set<RecorderFault>
  state: 'armed' | 'running'
  /** When its leg was answered, as far as it is not running yet. */
  answeredMs: number | null
  beganMs: number
  sizeBytes: number
  /** When its leg hung up; `null` while it has not. */
  goneMs: number | null
  /** Since when its leg is heard: it began, or a hold began or ended. */
  heardMs: number
  /** When it was last seen to grow, or had no reason to. */
  grownMs: number
}

/** Watches our recorders on one FreeSWITCH from their beginning to their end: its "+OK" says little. */
export class RecorderWatch {
  readonly #options: RecorderWatchOptions
  readonly #runs = new FilesByLeg<Run>()
  readonly #held = new Set<ChannelId>()
  #looking = false

  constructor(options: RecorderWatchOptions) {
    this.#options = options
  }

  /** It begins when its leg is answered. */
  armed(file: string, channelId: ChannelId): void {
    this.#runs.set(file, { channelId, faults: new Set(), state: 'armed', answeredMs: null, beganMs: this.#nowMs(), goneMs: null, heardMs: this.#nowMs(), sizeBytes: 0, grownMs: this.#nowMs() })
  }

  /** It was there when the link came up: it runs, or waits for the answer of its leg. */
  found(file: string, { channelId, answeredAt }: Pick<Channel, 'channelId' | 'answeredAt'>): void {
    if (answeredAt !== null) this.running(file, channelId)
    else if (!this.#runs.has(file)) this.armed(file, channelId)
  }

  /** FreeSWITCH told that it has begun. */
  running(file: string, channelId: ChannelId): void {
    if (!this.#runs.has(file)) this.armed(file, channelId)
    const run = this.#runs.get(file)
    if (run === undefined || run.state === 'running') return
    run.state = 'running'
    run.beganMs = this.#nowMs()
    run.heardMs = run.beganMs
    run.grownMs = run.beganMs
  }

  /** @param cause - as FreeSWITCH gives it: of what went well it tells nothing that can be relied upon */
  stopped(file: string, cause: string | null): void {
    const run = this.#runs.get(file)
    // One that began within a hold is empty with good reason when its leg ends with that.
    const isShort = run === undefined || this.#held.has(run.channelId) || this.#nowMs() - run.heardMs < SHORT_MS
    if (!isShort && cause !== null && DISCARDED.has(cause)) this.#tell(file, run, 'discarded')
    if (run !== undefined && cause === WRITE_FAILED) this.#tell(file, run, 'write-failed')
    this.#runs.delete(file)
  }

  /** Nobody wants it any more: before its leg was answered, as a rule. */
  forget(file: string): void {
    this.#runs.delete(file)
  }

  /** `null`: never heard of on this leg, or ended. */
  stateOf(file: string, channelId: ChannelId): 'armed' | 'running' | null {
    const run = this.#runs.get(file)
    return run?.channelId === channelId ? run.state : null
  }

  /** What else is recorded on this leg, the newest; `null`: nothing. */
  otherOn(channelId: ChannelId, file: string): string | null {
    return this.#runs.of(channelId).findLast(([name]) => name !== file)?.[0] ?? null
  }

  /** What its leg does. A telephone that holds sends nothing, and its recorder stands still with good reason. */
  note(event: PbxEvent): void {
    if (event.type === 'channel-answered') this.#answered(event.channelId)
    if (event.type === 'held' || event.type === 'unheld') this.#hold(event.channelId, event.type)
    if (event.type === 'hangup') this.#gone(event.channelId)
  }

  /** A line of the log says that it cannot be written. */
  writeFailed(file: string): void {
    const run = this.#runs.get(file)
    if (run !== undefined) this.#tell(file, run, 'write-failed')
  }

  /** What was known on a connection that is no more; who runs is told, or found, on the next. */
  forgetAll(): void {
    this.#runs.clear()
    this.#held.clear()
  }

  /** Looks at each of them once. Called every few seconds; one look at a time. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      for (const [file, run] of this.#runs) {
        if (run.goneMs !== null) this.#forgetEnded(file, run.goneMs)
        else if (run.state === 'armed') this.#lookForStart(file, run)
        else await this.#lookForGrowth(file, run)
      }
    } finally {
      this.#looking = false
    }
  }

  #answered(channelId: ChannelId): void {
    for (const run of this.#ofChannel(channelId)) if (run.state === 'armed') run.answeredMs ??= this.#nowMs()
  }

  #hold(channelId: ChannelId, state: 'held' | 'unheld'): void {
    if (state === 'held') this.#held.add(channelId)
    else this.#held.delete(channelId)
    for (const run of this.#ofChannel(channelId)) run.heardMs = run.grownMs = this.#nowMs()
  }

  /** One that runs is told to stop by an event of its own, with what became of its file. */
  #gone(channelId: ChannelId): void {
    this.#held.delete(channelId)
    for (const [file, run] of this.#runs.of(channelId)) {
      if (run.state === 'armed') this.#runs.delete(file)
      else run.goneMs = this.#nowMs()
    }
  }

  #forgetEnded(file: string, goneMs: number): void {
    if (this.#nowMs() - goneMs >= STOP_TOLD_MS) this.#runs.delete(file)
  }

  #lookForStart(file: string, run: Run): void {
    if (run.answeredMs === null || this.#nowMs() - run.answeredMs < START_DEADLINE_MS || run.faults.has('not-started')) return
    this.#tell(file, run, 'not-started')
    this.#options.begin(file, run.channelId)
  }

  async #lookForGrowth(file: string, run: Run): Promise<void> {
    const { spool, runtime } = this.#options
    if (this.#held.has(run.channelId)) return
    try {
      const found = await spool.stat(file, AbortSignal.timeout(STAT_DEADLINE_MS))
      const nowMs = this.#nowMs()
      if (found !== null && found.sizeBytes > run.sizeBytes) {
        run.sizeBytes = found.sizeBytes
        run.grownMs = nowMs
        this.#recovered(file, run)
      } else if (nowMs - run.grownMs >= STILL_MS && this.#runs.get(file) === run) {
        this.#tell(file, run, found === null ? 'file-missing' : 'standing-still')
      }
    } catch (error) {
      // A spool that cannot be seen is told of by whoever reads it.
      runtime.log.debug({ pbxId: this.#options.pbxId, error }, 'the file of a recorder could not be looked at')
    }
  }

  #recovered(file: string, run: Run): void {
    if (!run.faults.delete('standing-still')) return
    this.#options.runtime.log.info({ pbxId: this.#options.pbxId, channelId: run.channelId, file }, 'a recorder that stood still writes again')
  }

  #tell(file: string, run: Run, fault: RecorderFault): void {
    if (run.faults.has(fault)) return
    run.faults.add(fault)
    const { runtime, pbxId } = this.#options
    runtime.metrics.count('holdfast_recorder_faults_total', { pbx: pbxId, fault })
    runtime.log.error({ pbxId, channelId: run.channelId, file, fault }, 'a call is not recorded as it should be')
  }

  #ofChannel(channelId: ChannelId): readonly Run[] {
    return this.#runs.of(channelId).map(([, run]) => run)
  }

  #nowMs(): number {
    return this.#options.runtime.clock.now().getTime()
  }
}

/** Causes with which it has removed the file. Source: FreeSWITCH 1.10 switch_ivr_async.c, `Record-Completion-Cause`; seen */
export const DISCARDED: ReadonlySet<string> = new Set(['empty-file', 'input-too-short'])
const WRITE_FAILED = 'uri-failure'
