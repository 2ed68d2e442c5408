import { isHoldfastError } from '../../core/domain/errors.ts'
import type { CodeAnswer } from '../../core/domain/feature-code.ts'
import type { ChannelId, InteractionId, PbxId } from '../../core/domain/ids.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import type { PauseMeans } from '../../core/domain/rules/pause-terms.ts'
import type { Acknowledgement, PbxAdapter, RunningSegment, StartedSegment, StartSegment, WantedData } from '../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { RecordingSource } from '../../core/ports/recording-source.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { withDeadline } from '../wire/deadlines.ts'
import type { EventQueue } from '../wire/event-queue.ts'
import { pbxEventQueue } from '../wire/pbx-event-queue.ts'
import { ReaderStall } from '../wire/reader-stall.ts'
import { WaitingRoutes } from '../wire/waiting-routes.ts'
import { parseRecordingDirectory } from '../wire/recording-directory.ts'
import { HEARTBEAT_AHEAD_SECONDS } from './dialplan-names.ts'
import { readNotes } from './dialplan-notes.ts'
import { forgetNative, readInteraction, setAcknowledgement, setCodeAnswer, setHeartbeat, setInteraction, setPauseWays, setPbxName } from './esl-commands.ts'
import type { EslConnection, EslEndpoint } from './esl-connection.ts'
import { EslLink } from './esl-link.ts'
import { type EslMessage, knownText } from './esl-message.ts'
import { accepted } from './esl-replies.ts'
import { EventReader, SUBSCRIPTION } from './event-reader.ts'
import { tellWanted } from './native-note.ts'
import { RecorderWatch } from './recorder-watch.ts'
import { Recorders } from './recorders.ts'
import { takeSnapshot } from './resync.ts'
import { segmentFilesOf } from './spool-names.ts'

export interface FreeSwitchAdapterOptions {
  readonly pbxId: PbxId
  readonly esl: EslEndpoint
  /** FreeSWITCH's `${recordings_dir}`, as it sees it. File names in events and segments are relative to it. */
  readonly recordingDirectory: string
  /** The same folder as this machine sees it: files are looked at while they grow. */
  readonly spool: Pick<RecordingSource, 'stat'>
  readonly sampleRateHz: number
  /** What is told of calls at first. */
  readonly wanted: WantedData
  readonly runtime: Runtime
  /** In `[0, 1)`, for the back-off. */
  readonly random: () => number
}

/** A heartbeat that is always stale. */
const NO_HEARTBEAT = 0
/** The last word on the way out is worth a moment, not more. */
const FAREWELL_DEADLINE_MS = 500

/**
 * One FreeSWITCH, driven through its event socket: `uuid_record` writes both directions of a leg into one file of two channels.
 * Holds no protocol; see esl-commands, event-reader, recorders and esl-link.
 */
export class FreeSwitchAdapter implements PbxAdapter {
  readonly pbxId: PbxId
  // It reads nothing of a leg that holds. Source: FreeSWITCH 1.10 switch_core_media.c, `switch_core_media_toggle_hold`; seen
  readonly capabilities = { pause: 'mask', stereo: 'one-file', hold: 'stands-still' } as const
  readonly #options: FreeSwitchAdapterOptions
  readonly #queue: EventQueue<PbxEvent>
  readonly #stall = new ReaderStall()
  readonly #routes = new WaitingRoutes()
  readonly #link: EslLink
  readonly #reader: EventReader
  readonly #recorders: Recorders
  readonly #watch: RecorderWatch
  #wanted: WantedData
  /** Whether `link-up` was told, and `link-down` not yet. */
  #isUp = false

  /** @throws HoldfastError `CONFIG_INVALID` for a recording directory that FreeSWITCH could misread */
  constructor(options: FreeSwitchAdapterOptions) {
    const { pbxId, runtime, esl, random, wanted, spool, sampleRateHz } = options
    this.pbxId = pbxId
    this.#options = options
    this.#wanted = wanted
    const recordingDirectory = parseRecordingDirectory(options.recordingDirectory)
    const now = (): Date => this.#link.now()
    this.#queue = pbxEventQueue(pbxId, runtime)
    this.#reader = new EventReader({ pbxId, runtime, now, recordingDirectory, wanted: () => this.#wanted })
    this.#link = new EslLink({
      pbxId, endpoint: esl, subscription: SUBSCRIPTION, runtime, random,
      owner: {
        established: (connection) => this.#resynchronise(connection),
        event: (message) => this.#hear(message),
        log: (message) => this.#recorders.noteLog(message),
        ended: () => this.#lose(),
        heartbeat: (pbxNow) => this.#heartbeat(pbxNow),
      },
    })
    this.#watch = new RecorderWatch({ pbxId, runtime, spool, begin: (file, channelId) => void this.#beginByHand(file, channelId) })
    this.#recorders = new Recorders({ api: (line) => this.#link.api(line), now, recordingDirectory, sampleRateHz, watch: this.#watch, runtime })
  }

  get linkState(): 'up' | 'down' {
    return this.#link.state
  }

  get now(): Date {
    return this.#link.now()
  }

  start(): void {
    this.#link.start()
  }

  events(): AsyncIterable<PbxEvent> {
    return this.#queue
  }

  segmentFiles(segment: StartSegment): SegmentFiles {
    return segmentFilesOf(segment)
  }

  startSegment(segment: StartSegment): Promise<StartedSegment> {
    return this.#recorders.start(segment)
  }

  stopSegment(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return this.#recorders.stop(segment)
  }

  mask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return this.#recorders.mask(segment)
  }

  unmask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return this.#recorders.unmask(segment)
  }

  isAwaited(requestId: string): boolean {
    return this.#routes.isWaiting(requestId)
  }

  async acknowledge(channelId: ChannelId, requestId: string, answer: Acknowledgement): Promise<void> {
    await this.#api(setAcknowledgement(channelId, requestId, typeof answer === 'string' ? answer : `${answer.insure}:insure`))
  }

  async tellInteraction(channelId: ChannelId, interactionId: InteractionId): Promise<void> {
    await this.#api(setInteraction(channelId, interactionId))
  }

  async readInteraction(channelId: ChannelId): Promise<string | null> {
    return knownText(await this.#api(readInteraction(channelId)))
  }

  async answerCode(channelId: ChannelId, requestId: string, answer: CodeAnswer): Promise<void> {
    await this.#api(setCodeAnswer(channelId, requestId, answer))
  }

  async wantData(wanted: WantedData): Promise<'told' | 'later' | 'by-hand'> {
    this.#wanted = wanted
    if (this.linkState === 'down') return 'later'
    try {
      await this.#tell()
      return 'told'
    } catch (error) {
      // The link has ended meanwhile: the next one begins with it.
      if (isHoldfastError(error, 'PBX_UNREACHABLE') || isHoldfastError(error, 'PBX_TIMEOUT')) return 'later'
      throw error
    }
  }

  async tellPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): Promise<void> {
    await this.#api(setPauseWays(channelId, ways))
  }

  async forgetPauses(channelId: ChannelId): Promise<void> {
    await this.#recorders.forgetPauses(channelId)
  }

  async forgetNative(channelId: ChannelId): Promise<void> {
    await Promise.all(forgetNative(channelId).map((line) => this.#forget(line)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sayFarewell()
    await this.#link.stop()
    this.#queue.end()
  }

  async #api(line: string): Promise<string> {
    return accepted(line, await this.#link.api(line))
  }

  /** Nothing was noted, or it is forgotten already, or its leg is gone and took the note with it. */
  async #forget(line: string): Promise<void> {
    try {
      await this.#api(line)
    } catch (error) {
      if (!isHoldfastError(error, 'PBX_REFUSED') && !isHoldfastError(error, 'CHANNEL_GONE')) throw error
    }
  }

  #hear(message: EslMessage): void {
    this.#recorders.note(message)
    this.#tellAll(this.#reader.read(message))
  }

  #tellAll(events: readonly PbxEvent[]): void {
    for (const event of events) {
      this.#watch.note(event)
      this.#routes.note(event)
      this.#queue.push(event)
    }
  }

  async #resynchronise(connection: EslConnection): Promise<() => void> {
    const { channels, pbxStartedAt, found } = await takeSnapshot(connection, this.#reader.snapshotContext)
    const notes = await readNotes(connection, this.#reader.noteContext)
    return () => {
      for (const { channel, recorderId } of channels) if (recorderId !== null) this.#watch.found(recorderId, channel)
      this.#queue.push({ type: 'link-up', at: this.#link.now(), channels, ...notes, pbxStartedAt, members: null })
      this.#isUp = true
      this.#tellAll(this.#reader.know(found))
      void this.#tellAtLinkUp()
      this.#options.runtime.log.info({ pbxId: this.pbxId, channels: channels.length, natives: notes.natives.length }, 'ESL link is up')
    }
  }

  #lose(): void {
    this.#reader.forgetAll()
    this.#watch.forgetAll()
    if (this.#isUp) this.#queue.push({ type: 'link-down', at: this.#link.now() })
    this.#isUp = false
  }

  #heartbeat(pbxNow: Date): string | null {
    const { runtime } = this.#options
    void this.#watch.look()
    this.#tellAll(this.#reader.due(pbxNow))
    runtime.metrics.gauge('holdfast_pbx_event_queue_length', this.#queue.length, { pbx: this.pbxId })
    const stalledMs = this.#queue.stalledMs()
    if (this.#stall.look(stalledMs) === 'abreast') return setHeartbeat(Math.floor(pbxNow.getTime() / 1000) + HEARTBEAT_AHEAD_SECONDS)
    runtime.log.error({ pbxId: this.pbxId, stalledMs }, 'events wait for their reader; the dialplan records by itself')
    return setHeartbeat(NO_HEARTBEAT)
  }

  async #beginByHand(file: string, channelId: ChannelId): Promise<void> {
    try {
      await this.#recorders.beginByHand(file, channelId)
    } catch (error) {
      this.#options.runtime.log.error({ pbxId: this.pbxId, channelId, file, error }, 'a recorder that did not begin could not be begun')
    }
  }

  /** What the dialplan notes of attached data when it records by itself, and how it names interactions. */
  async #tell(): Promise<void> {
    await this.#api(setPbxName(this.pbxId))
    await this.#api(tellWanted(this.#wanted))
  }

  /** Beside the first events: no call waits for it. */
  async #tellAtLinkUp(): Promise<void> {
    try {
      await this.#tell()
    } catch (error) {
      this.#options.runtime.log.warn({ pbxId: this.pbxId, error }, 'FreeSWITCH was not told which attached data is wanted; the next connection tells it')
    }
  }

  /** Calls that begin after an orderly end need not wait in vain for an answer. */
  async #sayFarewell(): Promise<void> {
    if (this.linkState === 'down') return
    try {
      await withDeadline(this.#api(setHeartbeat(NO_HEARTBEAT)), { ms: FAREWELL_DEADLINE_MS, what: 'taking back the heartbeat' })
    } catch (error) {
      this.#options.runtime.log.warn({ pbxId: this.pbxId, error }, 'the heartbeat was not taken back; it grows stale by itself')
    }
  }
}
