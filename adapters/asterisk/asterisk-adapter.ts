import { PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { CodeAnswer } from '../../core/domain/feature-code.ts'
import type { ChannelId, InteractionId, PbxId } from '../../core/domain/ids.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import type { PauseMeans } from '../../core/domain/rules/pause-terms.ts'
import type { Acknowledgement, PbxAdapter, RunningSegment, StartedSegment, StartSegment, WantedData } from '../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { withDeadline } from '../wire/deadlines.ts'
import type { EventQueue } from '../wire/event-queue.ts'
import { pbxEventQueue } from '../wire/pbx-event-queue.ts'
import { ReaderStall } from '../wire/reader-stall.ts'
import { WaitingRoutes } from '../wire/waiting-routes.ts'
import { parseRecordingDirectory } from '../wire/recording-directory.ts'
import type { AmiAction } from './ami-action.ts'
import { forgetNative, forgetPauses, muteRecorder, readInteraction, readRecorder, setAcknowledgement, setCodeAnswer, setHeartbeat, setInteraction, setPaused, setPauseWays, startRecorder, stopRecorder } from './ami-actions.ts'
import type { AmiConnection } from './ami-connection.ts'
import { AmiLink } from './ami-link.ts'
import type { AmiMessage } from './ami-message.ts'
import { isRecorderGone } from './ami-replies.ts'
import type { AmiEndpoint } from './ami-route.ts'
import { BOOT_EVENT, BootReport } from './boot-report.ts'
import { nativeName } from './dialplan-names.ts'
import { EventReader } from './event-reader.ts'
import { recorderIdOf } from './native-note.ts'
import { PROOF_GRACE_MS, type RecorderStep, RecorderTimes } from './recorder-times.ts'
import { takeSnapshot } from './resync.ts'
import { absoluteFiles, segmentFilesOf, type SpoolFormat } from './spool-names.ts'
import { type Request, tellGlobals, widenFilter } from './wanted-data.ts'

export interface AsteriskAdapterOptions {
  readonly pbxId: PbxId
  readonly ami: AmiEndpoint
  /** Asterisk's `<astspooldir>/recording`, as the PBX sees it: ARI serves what lies there. File names in events and segments are relative to it. */
  readonly recordingDirectory: string
  readonly spoolFormat: SpoolFormat
  /** What is told of calls at first. */
  readonly wanted: WantedData
  /** `own`: the session is filtered to what is read, whatever manager.conf says; `none`: as manager.conf says. */
  readonly eventFilter: 'own' | 'none'
  readonly runtime: Runtime
  /** In `[0, 1)`, for the back-off. */
  readonly random: () => number
}

/** Half a minute: as long as data that was let in newly may be missing from requests after a `dialplan reload`. */
const HEARTBEATS_BETWEEN_GLOBALS = 15
/** A heartbeat that is always stale. */
const NO_HEARTBEAT = 0
/** The last word on the way out is worth a moment, not more. */
const FAREWELL_DEADLINE_MS = 500

/**
 * One Asterisk, driven by AMI: MixMonitor writes received and transmitted audio of a channel into two files.
 * Holds no protocol; see ami-actions, ami-events and ami-link.
 */
export class AsteriskAdapter implements PbxAdapter {
  readonly pbxId: PbxId
  readonly capabilities = { pause: 'mask', stereo: 'two-files', hold: 'goes-on' } as const
  readonly #options: AsteriskAdapterOptions
  readonly #recordingDirectory: string
  readonly #queue: EventQueue<PbxEvent>
  readonly #stall = new ReaderStall()
  readonly #routes = new WaitingRoutes()
  readonly #link: AmiLink
  readonly #reader: EventReader
  readonly #times = new RecorderTimes()
  /** Events that came while the snapshot was taken: told after it. `null` = told at once. */
  #held: PbxEvent[] | null = []
  #boot = new BootReport()
  /** Those of which VarSet events are read. */
  readonly #keys = new Set<string>()
  #wanted: WantedData
  #heartbeats = 0

  /** @throws HoldfastError `CONFIG_INVALID` for a recording directory that MixMonitor could misread */
  constructor(options: AsteriskAdapterOptions) {
    const { pbxId, runtime, ami, random, wanted } = options
    this.pbxId = pbxId
    this.#wanted = wanted
    this.#want(wanted)
    this.#options = options
    this.#recordingDirectory = parseRecordingDirectory(options.recordingDirectory)
    this.#queue = pbxEventQueue(pbxId, runtime)
    this.#link = new AmiLink({
      pbxId, endpoint: ami, runtime, random,
      owner: {
        established: (connection) => this.#resynchronise(connection),
        event: (message) => this.#hear(message),
        ended: () => this.#lose(),
        heartbeat: (pbxNow) => this.#heartbeat(pbxNow),
      },
    })
    this.#reader = new EventReader({ pbxId, runtime, now: () => this.#link.now(), recordingDirectory: this.#recordingDirectory, attachedKeys: this.#keys })
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
    return segmentFilesOf(segment, this.#options.spoolFormat)
  }

  async startSegment(segment: StartSegment): Promise<StartedSegment> {
    const { channelId } = segment
    const files = absoluteFiles(this.#recordingDirectory, this.segmentFiles(segment))
    const { reply, at } = await this.#step({ channelId, step: 'started', action: startRecorder(channelId, files) })
    const recorderId = recorderIdOf(reply.get('MixMonitorID'))
    if (recorderId === null) throw new HoldfastError('PBX_REFUSED', 'Asterisk started a recorder without naming it', { action: 'MixMonitor' })
    return { channelId, recorderId, at }
  }

  async stopSegment(segment: RunningSegment): Promise<{ readonly at: Date }> {
    try {
      const recorderId = await this.#recorderOf(segment)
      if (recorderId === null) return { at: this.#link.now() }
      const { at } = await this.#step({ channelId: segment.channelId, step: 'stopped', action: stopRecorder({ channelId: segment.channelId, recorderId }) })
      return { at }
    } catch (error) {
      if (isHoldfastError(error) && isRecorderGone(error)) return { at: this.#link.now() }
      throw error
    }
  }

  mask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return this.#mute(segment, 'on')
  }

  unmask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return this.#mute(segment, 'off')
  }

  isAwaited(requestId: string): boolean {
    return this.#routes.isWaiting(requestId)
  }

  async acknowledge(channelId: ChannelId, requestId: string, answer: Acknowledgement): Promise<void> {
    await this.#link.request(setAcknowledgement(channelId, requestId, typeof answer === 'string' ? answer : `${answer.insure}:insure`))
  }

  async tellInteraction(channelId: ChannelId, interactionId: InteractionId): Promise<void> {
    await this.#link.request(setInteraction(channelId, interactionId))
  }

  async readInteraction(channelId: ChannelId): Promise<string | null> {
    try {
      return (await this.#link.request(readInteraction(channelId))).get('Value') || null
    } catch (error) {
      // Of a leg that is not SIP there is no header.
      if (isHoldfastError(error, 'PBX_REFUSED')) return null
      throw error
    }
  }

  async answerCode(channelId: ChannelId, requestId: string, answer: CodeAnswer): Promise<void> {
    await this.#link.request(setCodeAnswer(channelId, requestId, answer))
  }

  async wantData(wanted: WantedData): Promise<'told' | 'later' | 'by-hand'> {
    this.#want(wanted)
    if (this.linkState === 'down') return 'later'
    try {
      return await this.#tell((action) => this.#link.request(action))
    } catch (error) {
      // The link has ended meanwhile: the next one begins with it.
      if (isHoldfastError(error, 'PBX_UNREACHABLE') || isHoldfastError(error, 'PBX_TIMEOUT')) return 'later'
      throw error
    }
  }

  async tellPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): Promise<void> {
    await this.#link.request(setPauseWays(channelId, ways))
  }

  async forgetPauses(channelId: ChannelId): Promise<void> {
    await this.#forget(channelId, forgetPauses(nativeName(channelId)))
  }

  async forgetNative(channelId: ChannelId): Promise<void> {
    await this.#forget(channelId, forgetNative(nativeName(channelId)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sayFarewell()
    await this.#link.stop()
    this.#queue.end()
  }

  async #forget(channelId: ChannelId, notes: AmiAction): Promise<void> {
    // The channel's notes go together: one that was adopted may be told again, one that was not must not be lost.
    if (this.#reader.isNoteNeeded(channelId)) return
    try {
      await this.#link.request(notes)
    } catch (error) {
      // Nothing was noted, or it is forgotten already.
      if (!isHoldfastError(error, 'PBX_REFUSED')) throw error
    }
  }

  async #mute(segment: RunningSegment, state: 'on' | 'off'): Promise<{ readonly at: Date }> {
    const { channelId } = segment
    const recorderId = await this.#recorderOf(segment)
    if (recorderId === null) throw new HoldfastError('PBX_REFUSED', 'no recorder is known on this channel', { action: 'MixMonitorMute' })
    const action = muteRecorder({ channelId, recorderId }, state)
    if (state === 'off') {
      const { at } = await this.#step({ channelId, step: 'unmuted', action })
      this.#notePaused(channelId, 'off')
      return { at }
    }
    // Sent before the mask, and taken back after it: a dialplan that has to end a pause by itself must not overlook one.
    this.#notePaused(channelId, 'on')
    // Somebody is told "paused" by this: the yes alone, without the event of what was done, is not believed.
    const { at } = await this.#times.during({ channelId, step: 'muted' }, () => this.#link.request(action), PROOF_GRACE_MS)
    if (at === null) throw new HoldfastError('PBX_TIMEOUT', 'Asterisk said yes to a mute, and told of none', { action: action.name })
    return { at }
  }

  /** Asterisk does what one connection asks in its order: nobody waits for the reply. */
  #notePaused(channelId: ChannelId, state: 'on' | 'off'): void {
    this.#link.request(setPaused(channelId, state)).catch((error: unknown) => {
      this.#options.runtime.log.debug({ pbxId: this.pbxId, channelId, error }, 'the dialplan was not told of a pause')
    })
  }

  async #recorderOf({ channelId, recorderId }: RunningSegment): Promise<string | null> {
    return recorderId ?? recorderIdOf((await this.#link.request(readRecorder(channelId))).get('Value'))
  }

  async #step({ channelId, step, action }: { readonly channelId: ChannelId; readonly step: RecorderStep; readonly action: AmiAction }): Promise<{ readonly reply: AmiMessage; readonly at: Date }> {
    const { result, at } = await this.#times.during({ channelId, step }, async () => {
      const reply = await this.#link.request(action)
      return { reply, repliedAt: this.#link.now() }
    })
    return { reply: result.reply, at: at ?? result.repliedAt }
  }

  #want(wanted: WantedData): void {
    this.#wanted = wanted
    this.#keys.clear()
    for (const key of [RECORD_KEY, PARTITIONS_KEY, ...wanted.keys]) this.#keys.add(key)
  }

  async #tell(request: Request): Promise<'told' | 'by-hand'> {
    const wanted = this.#wanted
    const globals = await tellGlobals(request, this.pbxId, wanted)
    const filter = this.#options.eventFilter === 'own' ? await widenFilter(request, wanted) : 'told'
    if (globals === 'told' && filter === 'told') return 'told'
    this.#options.runtime.log.warn({ pbxId: this.pbxId, globals, filter }, 'Asterisk cannot be told which attached data is wanted: what `holdfast pbx-config asterisk` prints has to stand in its files')
    return 'by-hand'
  }

  #hear(message: AmiMessage): void {
    if (message.get('Event') === BOOT_EVENT) this.#boot.tell(message, this.#options.runtime.clock.now())
    const event = this.#reader.read(message)
    if (event === null) return
    this.#times.note(event)
    this.#routes.note(event)
    if (this.#held === null) this.#queue.push(event)
    else this.#held.push(event)
  }

  async #resynchronise(connection: AmiConnection): Promise<() => void> {
    const bootedAt = await this.#boot.startedAt()
    const snapshot = await takeSnapshot(connection, this.#reader.context)
    this.#reader.know(snapshot.channels.map(({ channel }) => channel))
    return () => {
      this.#queue.push({ type: 'link-up', at: this.#link.now(), ...snapshot, pbxStartedAt: this.#byPbxClock(bootedAt) })
      for (const event of this.#held ?? []) this.#queue.push(event)
      this.#held = null
      void this.#tellAtLinkUp()
      this.#options.runtime.log.info({ pbxId: this.pbxId, channels: snapshot.channels.length, natives: snapshot.natives.length }, 'AMI link is up')
    }
  }

  #lose(): void {
    const wasUp = this.#held === null
    this.#held = []
    this.#boot = new BootReport()
    this.#reader.forgetAll()
    if (wasUp) this.#queue.push({ type: 'link-down', at: this.#link.now() })
  }

  #byPbxClock(ours: Date | null): Date | null {
    const offsetMs = this.#link.now().getTime() - this.#options.runtime.clock.now().getTime()
    return ours === null ? null : new Date(ours.getTime() + offsetMs)
  }

  #heartbeat(pbxNow: Date): AmiAction | null {
    const { runtime } = this.#options
    this.#heartbeats += 1
    // Asterisk has it since the link is up, unless its dialplan was loaded again.
    if (this.#heartbeats % HEARTBEATS_BETWEEN_GLOBALS === 0) void this.#tellAgain()
    runtime.metrics.gauge('holdfast_pbx_event_queue_length', this.#queue.length, { pbx: this.pbxId })
    const stalledMs = this.#queue.stalledMs()
    if (this.#stall.look(stalledMs) === 'abreast') return setHeartbeat(Math.floor(pbxNow.getTime() / 1000))
    runtime.log.error({ pbxId: this.pbxId, stalledMs }, 'events wait for their reader; the dialplan records by itself')
    return setHeartbeat(NO_HEARTBEAT)
  }

  /** Beside the first events: no call waits for it. */
  async #tellAtLinkUp(): Promise<void> {
    try {
      await this.#tell((action) => this.#link.request(action))
    } catch (error) {
      this.#options.runtime.log.warn({ pbxId: this.pbxId, error }, 'Asterisk was not told which attached data is wanted; the next connection tells it')
    }
  }

  async #tellAgain(): Promise<void> {
    try {
      await tellGlobals((action) => this.#link.request(action), this.pbxId, this.#wanted)
    } catch (error) {
      // A link that ended says so by itself, and the next one begins with it.
      this.#options.runtime.log.debug({ pbxId: this.pbxId, error }, 'the globals of the dialplan were not told again')
    }
  }

  /** Calls that begin after an orderly end need not wait in vain for an answer. */
  async #sayFarewell(): Promise<void> {
    if (this.linkState === 'down') return
    try {
      await withDeadline(this.#link.request(setHeartbeat(NO_HEARTBEAT)), { ms: FAREWELL_DEADLINE_MS, what: 'taking back the heartbeat' })
    } catch (error) {
      this.#options.runtime.log.warn({ pbxId: this.pbxId, error }, 'the heartbeat was not taken back; it grows stale by itself')
    }
  }
}
