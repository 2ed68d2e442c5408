import { HoldfastError, isHoldfastError } from '../domain/errors.ts'
import type { PbxId } from '../domain/ids.ts'
import type { Recording, Segment } from '../domain/recording.ts'
import { PAUSE_MEANS, type PauseMeans, pauseRefusal } from '../domain/rules/pause-terms.ts'
import type { CaptureControl, ControlCommand, ControlResult, LiveCall } from '../ports/capture-control.ts'
import type { PbxAdapter } from '../ports/pbx-adapter.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { LiveCalls } from './live-calls.ts'
import { type LiveRecordings, openSegment } from './live-recordings.ts'
import { type CaptureSide, startOnDemand, stopOnDemand } from './on-demand.ts'
import { running } from './recorder.ts'
import type { SerialByKey } from './serial.ts'

export interface LiveCaptureControlParts {
  readonly live: LiveRecordings
  readonly calls: LiveCalls
  /** Capture on each PBX of this node. */
  readonly sides: readonly CaptureSide[]
  readonly serial: SerialByKey
  readonly runtime: Runtime
  readonly resumed: (recording: Recording) => void
  /** Of the settings: by which anybody may pause and resume at all. */
  readonly ways: readonly PauseMeans[]
}

/** Control of calls that live on this node. */
export class LiveCaptureControl implements CaptureControl {
  readonly #live: LiveRecordings
  readonly #calls: LiveCalls
  readonly #sides: ReadonlyMap<PbxId, CaptureSide>
  readonly #serial: SerialByKey
  readonly #runtime: Runtime
  /** Called after each resume that the PBX confirmed: what was put off may begin. */
  readonly #resumed: (recording: Recording) => void
  readonly #ways: readonly PauseMeans[]

  constructor(parts: LiveCaptureControlParts) {
    this.#live = parts.live
    this.#calls = parts.calls
    this.#sides = new Map(parts.sides.map((side) => [side.context.pbxId, side]))
    this.#serial = parts.serial
    this.#runtime = parts.runtime
    this.#resumed = parts.resumed
    this.#ways = parts.ways
  }

  async control(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlResult[]> {
    this.#refuseWay(command)
    if (command.action === 'start') return await withinSignal(this.#start(command), signal)
    const recordings = this.#calls.recordings(command.target)
    if (recordings.length === 0) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of this call is being recorded now')
    return await Promise.all(recordings.map((recording) => this.#one(recording, command, signal)))
  }

  async live(target: ControlCommand['target']): Promise<readonly Recording[]> {
    return await Promise.resolve(this.#calls.recordings(target))
  }

  async calls(target: ControlCommand['target']): Promise<readonly LiveCall[]> {
    return await Promise.resolve(this.#calls.calls(target))
  }

  /** @throws HoldfastError `PAUSE_NOT_ALLOWED` */
  #refuseWay({ action, how }: ControlCommand): void {
    const way = PAUSE_MEANS.find((means) => means === how)
    if ((action === 'pause' || action === 'resume') && way !== undefined && !this.#ways.includes(way)) throw new HoldfastError('PAUSE_NOT_ALLOWED', `the settings allow no ${action} by ${way}`)
  }

  async #start(command: ControlCommand): Promise<readonly ControlResult[]> {
    const calls = this.#calls.calls(command.target).flatMap((call) => {
      const side = this.#sides.get(call.pbxId)
      return side === undefined ? [] : [{ call, side }]
    })
    if (calls.length === 0) throw new HoldfastError('NO_LIVE_CALL', 'there is no such call now')
    const started = await Promise.all(calls.map(({ call, side }) => this.#serial.run(`${call.pbxId} ${call.callId}`, () => startOnDemand(side, { call, command }))))
    return started.flat()
  }

  async #one(recording: Recording, command: ControlCommand, signal: AbortSignal): Promise<ControlResult> {
    const { id: recordingId } = recording
    try {
      if (command.action === 'pause') refuse(recording, command)
      const key = `${recording.pbxId} ${recording.callId}`
      const work = this.#serial.run(key, () => this.#work(recording, command))
      return await withinSignal(work, signal)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      return { recordingId, outcome: 'failed', code: error.code, message: error.message }
    }
  }

  #work(recording: Recording, command: ControlCommand): Promise<ControlResult> {
    if (command.action === 'stop') return this.#stop(recording, command)
    return command.action === 'pause' ? this.#pause(recording, command) : this.#resume(recording, command)
  }

  async #stop({ id: recordingId }: Recording, command: ControlCommand): Promise<ControlResult> {
    const recording = this.#live.find(recordingId)
    const side = recording === null ? undefined : this.#sides.get(recording.pbxId)
    if (recording === null || side === undefined) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'this recording is not running now', { recordingId })
    return await stopOnDemand(side, { recording, command })
  }

  async #pause({ id: recordingId }: Recording, { by, how }: ControlCommand): Promise<ControlResult> {
    const { recording, segment, adapter } = this.#running(recordingId)
    const open = recording.pauses.at(-1)
    if (recording.state === 'paused' && open?.effectiveAt != null && open.resumeAskedAt === null) return { recordingId, outcome: 'already', effectiveAt: open.effectiveAt }
    await this.#live.record({ type: 'pause-asked', recordingId, by: by.id, how, at: this.#runtime.clock.now() })
    try {
      const { at } = await adapter.mask(running(segment))
      await this.#live.record({ type: 'pause-effective', recordingId, at })
      return { recordingId, outcome: 'done', effectiveAt: at }
    } catch (error) {
      await this.#withdraw(recordingId, { segment, adapter, error })
      throw new HoldfastError('PAUSE_FAILED', 'the PBX did not confirm the pause: the recording goes on with sound', { recordingId }, { cause: error })
    }
  }

  /** A pause that the PBX refused is over; one that it never answered may be in force, and must not stay so unnoticed. */
  async #withdraw(recordingId: Recording['id'], { segment, adapter, error }: { readonly segment: Segment; readonly adapter: PbxAdapter; readonly error: unknown }): Promise<void> {
    this.#runtime.metrics.count('holdfast_pauses_failed_total', { pbx: adapter.pbxId })
    this.#runtime.log.error({ recordingId, error }, 'pause not confirmed')
    if (adapter.linkState === 'up') await adapter.unmask(running(segment)).catch((cause: unknown) => this.#runtime.log.error({ recordingId, error: cause }, 'unconfirmed pause could not be withdrawn'))
    if (this.#live.find(recordingId) !== null) await this.#live.record({ type: 'pause-failed', recordingId, at: this.#runtime.clock.now() })
  }

  async #resume({ id: recordingId }: Recording, { by, how }: ControlCommand): Promise<ControlResult> {
    const { recording, segment, adapter } = this.#running(recordingId)
    const open = recording.pauses.at(-1)
    if (recording.state !== 'paused') return { recordingId, outcome: 'already', effectiveAt: open?.resumedAt ?? recording.startedAt }
    await this.#live.record({ type: 'resume-asked', recordingId, by: by.id, how, at: this.#runtime.clock.now() })
    const { at } = await adapter.unmask(running(segment))
    await this.#live.record({ type: 'resume-effective', recordingId, at })
    this.#resumed(recording)
    return { recordingId, outcome: 'done', effectiveAt: at }
  }

  #running(recordingId: Recording['id']): { readonly recording: Recording; readonly segment: Segment; readonly adapter: PbxAdapter } {
    const recording = this.#live.find(recordingId)
    const segment = recording === null ? null : openSegment(recording)
    const adapter = recording === null ? undefined : this.#sides.get(recording.pbxId)?.context.adapter
    if (recording === null || segment === null || adapter === undefined) {
      throw new HoldfastError('RECORDING_NOT_ACTIVE', 'this recording is not running now', { recordingId })
    }
    // Nothing is noted as asked that cannot even be said to the PBX.
    if (adapter.linkState === 'down') throw new HoldfastError('PBX_UNREACHABLE', 'the link to the PBX is down', { recordingId })
    return { recording, segment, adapter }
  }
}

/** @throws HoldfastError `PAUSE_NOT_ALLOWED` */
function refuse({ id: recordingId, decision: { rule, terms } }: Recording, { how, person }: ControlCommand): void {
  const way = PAUSE_MEANS.find((means) => means === how)
  const refusal = way === undefined ? null : pauseRefusal(terms.pause, { way, by: person })
  if (refusal === 'forbidden') throw new HoldfastError('PAUSE_NOT_ALLOWED', `rule ${rule} forbids pauses`, { recordingId })
  if (refusal === 'person-not-allowed') throw new HoldfastError('PAUSE_NOT_ALLOWED', `rule ${rule} allows no pause to this person`, { recordingId, refusal })
  if (refusal !== null) throw new HoldfastError('PAUSE_NOT_ALLOWED', `rule ${rule} allows no pause by this way`, { recordingId, refusal })
}

/** What is under way is not broken off: the PBX may have done it already, and what it confirms late is journalled all the same. */
async function withinSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>()
  const abort = (): void => late.reject(new HoldfastError('PBX_TIMEOUT', 'the PBX has not confirmed in time'))
  work.catch(() => undefined)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, late.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
