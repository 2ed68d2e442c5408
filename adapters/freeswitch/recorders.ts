import { basename } from 'node:path'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { ChannelId } from '../../core/domain/ids.ts'
import type { RunningSegment, StartedSegment, StartSegment } from '../../core/ports/pbx-adapter.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { StepTimes } from '../wire/step-times.ts'
import { otherChannel, timeOf } from './channel-of.ts'
import { epochMicroseconds } from './epoch.ts'
import { armMask, armRecorder, disarmMask, disarmRecorder, forgetPause, listPauses, listRecorders, maskRecorder, nameNoRecorder, nameRecorder, type NewRecorder, readAnswerState, readClock, type RecorderOnChannel, setPaused, startRecorder, stopRecorder, unmaskRecorder } from './esl-commands.ts'
import type { EslMessage } from './esl-message.ts'
import { accepted, isRecorderGone, recorderFilesIn } from './esl-replies.ts'
import { entriesOf } from './native-note.ts'
import type { RecorderWatch } from './recorder-watch.ts'
import { fileOf, pathOf, segmentFilesOf } from './spool-names.ts'

export interface RecordersOptions {
  /** What an API command printed. */
  readonly api: (line: string) => Promise<string>
  /** By the PBX's clock. */
  readonly now: () => Date
  readonly recordingDirectory: string
  readonly sampleRateHz: number
  readonly watch: RecorderWatch
  readonly runtime: Runtime
}

/** RECORD_START comes 20 to 33 ms after the command, and after six seconds on a machine that is overloaded (measured): later than this nobody waits. */
const START_PROOF_MS = 2_000
/**
 * The recorder's own line, whole: others repeat what callers call themselves.
 * Source: FreeSWITCH 1.10 switch_log.c, `[time] [idle share] [ERR] file:line text`
 */
const WRITE_ERROR = /^[-\d:. %]*\[ERR\] switch_ivr_async\.c:\d+ Error writing (\/\S+)\s*$/
/** The file is closed before FreeSWITCH answers; RECORD_STOP, which tells when, is written at the same time (seen). */
const STOP_PROOF_MS = 1_000

/** What is done to a recorder that runs, and to one that is armed. Of what is silent nothing counts but what surely is: from after a mask to before its end. */
interface Change {
  readonly now: (recorder: RecorderOnChannel) => string
  readonly armed: (recorder: RecorderOnChannel) => string
  readonly at: 'before' | 'after'
}

/** Recorders on the legs of one FreeSWITCH: a file each, and the file's name is the recorder's id. */
export class Recorders {
  readonly #options: RecordersOptions
  readonly #times = new StepTimes()

  constructor(options: RecordersOptions) {
    this.#options = options
  }

  /** To be fed with every event. @throws HoldfastError `MALFORMED_ID` */
  note(message: EslMessage): void {
    const { watch, recordingDirectory, now } = this.#options
    const name = message.get('Event-Name')
    if (name !== 'RECORD_START' && name !== 'RECORD_STOP') return
    const file = fileOf(recordingDirectory, message.get('Record-File-Path'))
    const channelId = otherChannel(message, 'Unique-ID')
    if (file === null || channelId === null) return
    if (name === 'RECORD_START') watch.running(file, channelId)
    else watch.stopped(file, message.get('Record-Completion-Cause'))
    this.#times.note(`${file} ${name}`, timeOf(message) ?? now())
  }

  /** A line of the log. Source: FreeSWITCH 1.10 switch_ivr_async.c, "Error writing <path>" every two seconds while a disk is full (seen) */
  noteLog({ body }: EslMessage): void {
    const written = WRITE_ERROR.exec(body)?.[1] ?? null
    const file = fileOf(this.#options.recordingDirectory, written)
    if (file !== null) this.#options.watch.writeFailed(file)
  }

  /**
   * Armed first and asked after: an answer in between finds it armed, and a second start of the same file is none. What is only armed
   * has not begun, and has nothing to tell: it counts as started, and writes from the answer on.
   */
  async start(segment: StartSegment): Promise<StartedSegment> {
    const { now, watch } = this.#options
    const { channelId } = segment
    const { received: file } = segmentFilesOf(segment)
    const recorder = this.#newRecorder(channelId, file)
    using started = this.#times.expect(`${file} RECORD_START`)
    watch.armed(file, channelId)
    try {
      const [, , state] = await Promise.all([this.#api(nameRecorder(recorder)), this.#api(armRecorder(recorder)), this.#answerState(channelId)])
      if (state !== 'answered') return { channelId, recorderId: file, at: now() }
      await this.#api(startRecorder(recorder))
      const at = await started.within(START_PROOF_MS)
      if (at === null) throw new HoldfastError('PBX_TIMEOUT', 'FreeSWITCH said yes to a recorder, and told of none', { command: 'uuid_record' })
      return { channelId, recorderId: file, at }
    } catch (error) {
      watch.forget(file)
      throw error
    }
  }

  /** It did not begin by itself when its leg was answered. */
  async beginByHand(file: string, channelId: ChannelId): Promise<void> {
    await this.#api(startRecorder(this.#newRecorder(channelId, file)))
  }

  async stop(segment: RunningSegment): Promise<{ readonly at: Date }> {
    const { now } = this.#options
    const file = await this.#fileOf(segment).catch((error: unknown) => {
      // What recorded there has ended with it.
      if (isHoldfastError(error, 'CHANNEL_GONE')) return null
      throw error
    })
    if (file === null) return { at: now() }
    const { channelId } = segment
    const recorder = this.#recorder(channelId, file)
    using stopped = this.#times.expect(`${file} RECORD_STOP`)
    try {
      // In this order: an answer in between starts nothing any more, or what is stopped here.
      const disarmed = this.#options.watch.stateOf(file, channelId) === 'running' ? [] : [disarmRecorder(recorder), disarmMask(recorder)]
      await Promise.all([...disarmed, stopRecorder(recorder)].map((line) => this.#api(line)))
    } catch (error) {
      if (!isHoldfastError(error) || !isRecorderGone(error)) throw error
      this.#options.watch.forget(file)
      if (error.code !== 'CHANNEL_GONE') this.#nameAnother(channelId, file)
      return { at: now() }
    }
    const repliedAt = now()
    this.#nameAnother(channelId, file)
    return { at: await stopped.within(STOP_PROOF_MS) ?? repliedAt }
  }

  /**
   * FreeSWITCH tells no event of a mask, and nobody can ask it: its yes is all there is. It is true of every recorder that is still on
   * its leg; one that `recording_follow_transfer` has moved is not, and the yes is refused. Source: FreeSWITCH 1.10
   * switch_ivr_record_session_mask; seen
   */
  async mask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    // Before the mask, and taken back after it: a dialplan that has to end a pause by itself must not overlook one.
    this.#notePaused(segment.channelId, 'on')
    return await this.#change(segment, { now: maskRecorder, armed: armMask, at: 'after' })
  }

  async unmask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    const done = await this.#change(segment, { now: unmaskRecorder, armed: disarmMask, at: 'before' })
    this.#notePaused(segment.channelId, 'off')
    return done
  }

  /** Idempotent: keys that nobody knows are none. */
  async forgetPauses(channelId: ChannelId): Promise<void> {
    const listed = await this.#options.api(listPauses())
    const keys = entriesOf(listed).map(([key]) => key)
    await Promise.all(keys.filter((key) => key.startsWith(`${channelId}.`)).map((key) => this.#options.api(forgetPause(key))))
  }

  /** A recorder that runs is told; one that is armed is told so for its beginning, and once more, lest it has begun meanwhile. */
  async #change(segment: RunningSegment, change: Change): Promise<{ readonly at: Date }> {
    const { now, watch } = this.#options
    const file = await this.#fileOf(segment)
    if (file === null) throw new HoldfastError('PBX_REFUSED', 'no recorder is known on this channel', { command: 'uuid_record' })
    const recorder = this.#recorder(segment.channelId, file)
    using started = this.#times.expect(`${file} RECORD_START`)
    const done = await this.#changed(recorder, change)
    if (done !== null) return { at: done }
    const [, doneNow, state] = await Promise.all([this.#api(change.armed(recorder)), this.#changed(recorder, change), this.#answerState(segment.channelId)])
    if (doneNow !== null) return { at: doneNow }
    if (state === 'ringing' || state === 'early') return { at: now() }
    // Answered in this moment: it is about to begin, maybe with variables from before ours.
    if (watch.stateOf(file, segment.channelId) === 'armed') await started.within(START_PROOF_MS)
    const doneAtLast = await this.#changed(recorder, change)
    if (doneAtLast === null) throw new HoldfastError('PBX_REFUSED', 'the recorder has not begun, or has ended', { command: 'uuid_record', recorder: 'gone' })
    return { at: doneAtLast }
  }

  /**
   * When a recorder was told, by FreeSWITCH's clock before and after it; `null` where it was not there to be told. The leg keeps a
   * stale name of one that was moved away, and says yes for it.
   * @throws HoldfastError `PBX_REFUSED` for a yes that means nothing; of every other refusal
   */
  async #changed(recorder: RecorderOnChannel, change: Change): Promise<Date | null> {
    const { channelId, path } = recorder
    const line = change.now(recorder)
    const [before = '', reply = '', after = '', listed = ''] = await Promise.all([readClock(), line, readClock(), listRecorders(channelId)].map((each) => this.#options.api(each)))
    try {
      const at = epochMicroseconds({ before, after }[change.at])
      if (accepted(line, reply).startsWith('+OK') && recorderFilesIn(listed).includes(path) && at !== null) return at
    } catch (error) {
      if (isHoldfastError(error, 'PBX_REFUSED') && isRecorderGone(error)) return null
      throw error
    }
    throw new HoldfastError('PBX_REFUSED', 'FreeSWITCH said yes for a recorder that is not on this leg any more', { command: 'uuid_record' })
  }

  /** Where only the leg is remembered: what records on it into our folder, the newest last. */
  async #fileOf({ channelId, recorderId }: RunningSegment): Promise<string | null> {
    if (recorderId !== null) return recorderId
    const targets = recorderFilesIn(await this.#api(listRecorders(channelId)))
    return targets.map((target) => fileOf(this.#options.recordingDirectory, target)).findLast((file) => file !== null) ?? null
  }

  async #answerState(channelId: ChannelId): Promise<string> {
    const line = readAnswerState(channelId)
    const reply = await this.#options.api(line)
    if (reply.startsWith('-ERR')) throw new HoldfastError('CHANNEL_GONE', 'FreeSWITCH has no such channel', { command: 'eval' })
    return reply.trim()
  }

  /** The dialplan must not take a leg for recorded whose recorder has ended. */
  #nameAnother(channelId: ChannelId, ended: string): void {
    const other = this.#options.watch.otherOn(channelId, ended)
    this.#api(other === null ? nameNoRecorder(channelId) : nameRecorder(this.#recorder(channelId, other))).catch((error: unknown) => {
      this.#options.runtime.log.debug({ channelId, error }, 'the dialplan was not told of the end of a recorder')
    })
  }

  /** Nobody waits for the reply: FreeSWITCH does what one connection asks in its order. */
  #notePaused(channelId: ChannelId, state: 'on' | 'off'): void {
    this.#api(setPaused(channelId, state)).catch((error: unknown) => {
      this.#options.runtime.log.debug({ channelId, error }, 'the dialplan was not told of a pause')
    })
  }

  /** Its id is its file's name without folder and ending: `<recording>.<index>`. */
  #recorder(channelId: ChannelId, file: string): RecorderOnChannel {
    return { channelId, path: pathOf(this.#options.recordingDirectory, file), id: basename(file, '.wav') }
  }

  #newRecorder(channelId: ChannelId, file: string): NewRecorder {
    return { ...this.#recorder(channelId, file), sampleRateHz: this.#options.sampleRateHz }
  }

  async #api(line: string): Promise<string> {
    return accepted(line, await this.#options.api(line))
  }
}
