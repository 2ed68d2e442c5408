import { fromApi } from '../../domain/api-client.ts'
import { type ErrorCode, HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { LegOfPbx } from '../../domain/capture-fact.ts'
import type { PbxId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import { PAUSE_MEANS, type PauseMeans } from '../../domain/rules/pause-terms.ts'
import type { CaptureControl, ControlAction, ControlCommand, ControlResult, LiveCall } from '../../ports/capture-control.ts'
import type { CallOwner } from '../../domain/desk.ts'
import type { LiveChanges } from './live-changes.ts'
import type { LiveCalls } from './live-calls.ts'
import type { LiveRecordings } from '../calls/live-recordings.ts'
import { type CaptureSide, startOnDemand, stopOnDemand } from '../recorders/on-demand.ts'
import type { PauseControl } from '../pauses/pause-control.ts'
import type { SerialByKey } from '../calls/serial.ts'
import { withinSignal } from './within-signal.ts'

export interface LiveCaptureControlParts {
  readonly live: LiveRecordings
  readonly calls: LiveCalls
  readonly changes: LiveChanges
  /** Capture on each PBX of this node. */
  readonly sides: readonly CaptureSide[]
  readonly serial: SerialByKey
  readonly pauses: Pick<PauseControl, 'pause' | 'resume'>
  /** Of the settings: by which anybody may pause, resume, start and stop at all. */
  readonly ways: readonly PauseMeans[]
}

const NOT_ALLOWED = { pause: 'PAUSE_NOT_ALLOWED', resume: 'PAUSE_NOT_ALLOWED', start: 'START_NOT_ALLOWED', stop: 'STOP_NOT_ALLOWED' } as const satisfies Readonly<Record<ControlAction, ErrorCode>>

/** Control of calls that live on this node. */
export class LiveCaptureControl implements CaptureControl {
  readonly #live: LiveRecordings
  readonly #calls: LiveCalls
  readonly #changes: LiveChanges
  readonly #sides: ReadonlyMap<PbxId, CaptureSide>
  readonly #serial: SerialByKey
  readonly #pauses: Pick<PauseControl, 'pause' | 'resume'>
  readonly #ways: readonly PauseMeans[]

  constructor(parts: LiveCaptureControlParts) {
    this.#live = parts.live
    this.#calls = parts.calls
    this.#changes = parts.changes
    this.#sides = new Map(parts.sides.map((side) => [side.context.pbxId, side]))
    this.#serial = parts.serial
    this.#pauses = parts.pauses
    this.#ways = parts.ways
  }

  async control(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlResult[]> {
    this.#refuseWay(command)
    if (command.action === 'start') return await withinSignal(this.#start(command), signal, unconfirmed)
    const recordings = this.#calls.recordings(command.target)
    if (recordings.length === 0) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'nothing of this call is being recorded now')
    if (command.action === 'stop') return await Promise.all(recordings.map((recording) => this.#stopOne(recording, command, signal)))
    return await this.#silence(recordings, command, signal)
  }

  async live(target: ControlCommand['target']): Promise<readonly Recording[]> {
    return await Promise.resolve(this.#calls.recordings(target))
  }

  async calls(target: ControlCommand['target']): Promise<readonly LiveCall[]> {
    return await Promise.resolve(this.#calls.calls(target))
  }

  /** There is no other. */
  isConfirmedElsewhere(): boolean {
    return true
  }

  /** @throws HoldfastError `PAUSE_NOT_ALLOWED`; `START_NOT_ALLOWED`; `STOP_NOT_ALLOWED` */
  #refuseWay({ action, how }: ControlCommand): void {
    const way = PAUSE_MEANS.find((means) => means === how)
    if (way !== undefined && !this.#ways.includes(way)) throw new HoldfastError(NOT_ALLOWED[action], `the settings allow no ${action} by ${way}`)
  }

  /** Pauses and resumes the conversations that the recordings are of, whole: one recording with sound makes the silence of the others worthless. */
  async #silence(recordings: readonly Recording[], command: ControlCommand, signal: AbortSignal): Promise<readonly ControlResult[]> {
    const interactions = [...new Set(recordings.map(({ interactionId }) => interactionId))]
    const { by, how, person } = command
    const wish = { by, how, person, leg: this.#legOf(command), ...fromApi(command) }
    const work = command.action === 'pause' ? this.#pauses.pause(interactions, wish) : this.#pauses.resume(interactions, wish)
    try {
      return await withinSignal(work, signal, unconfirmed)
    } catch (error) {
      if (!isHoldfastError(error, 'PBX_TIMEOUT')) throw error
      return [...new Set(interactions.flatMap((id) => this.#live.ofInteraction(id)))].map(({ id }) => failed(id, error))
    }
  }

  /** The leg by which the call was named: whose agent stands behind a pause. */
  #legOf({ target }: ControlCommand): LegOfPbx | null {
    if ('channel' in target) return target.channel
    const [call] = 'owner' in target ? this.#calls.calls(target) : []
    return call === undefined ? null : { pbxId: call.pbxId, channelId: call.channelId }
  }

  changes(owner: CallOwner, signal: AbortSignal): AsyncIterable<void> {
    return this.#changes.watch(owner, signal)
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

  async #stopOne(recording: Recording, command: ControlCommand, signal: AbortSignal): Promise<ControlResult> {
    const { id: recordingId } = recording
    try {
      const work = this.#serial.run(`${recording.pbxId} ${recording.callId}`, () => this.#stop(recording, command))
      return await withinSignal(work, signal, unconfirmed)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      return failed(recordingId, error)
    }
  }

  async #stop({ id: recordingId }: Recording, command: ControlCommand): Promise<ControlResult> {
    const recording = this.#live.find(recordingId)
    const side = recording === null ? undefined : this.#sides.get(recording.pbxId)
    if (recording === null || side === undefined) throw new HoldfastError('RECORDING_NOT_ACTIVE', 'this recording is not running now', { recordingId })
    return await stopOnDemand(side, { recording, command })
  }
}

function failed(recordingId: Recording['id'], { code, message }: HoldfastError): ControlResult {
  return { recordingId, outcome: 'failed', code, message }
}

function unconfirmed(): HoldfastError {
  return new HoldfastError('PBX_TIMEOUT', 'the PBX has not confirmed in time')
}
