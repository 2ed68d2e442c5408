import { WaitingRoutes } from '../../../adapters/wire/waiting-routes.ts'
import type { Channel, Direction } from '../../../core/domain/call.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import type { CodeAction, CodeAnswer, CodeWay } from '../../../core/domain/feature-code.ts'
import { type ChannelId, type InteractionId, parseCallId, parseChannelId, parsePbxId, type PbxId, type RecordingId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { PauseMeans } from '../../../core/domain/rules/pause-terms.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import type { Acknowledgement, PbxAdapter, RunningSegment, StartedSegment, StartSegment, WantedData } from '../../../core/ports/pbx-adapter.ts'
import type { BridgeKind, PbxEvent, QueueMember, RecordingAsked } from '../../../core/ports/pbx-event.ts'
import type { FakeRecorder, Silence } from './fake-recorder.ts'

type Command = 'start' | 'stop' | 'mask' | 'unmask' | 'acknowledge' | 'answerCode' | 'tellPauseWays' | 'interaction' | 'forget'
type LinkUp = Extract<PbxEvent, { type: 'link-up' }>

/** A PBX in memory: channels come and go by its methods, and it does what a switch does with recorders. */
export class FakePbxAdapter implements PbxAdapter {
  readonly pbxId: PbxId
  capabilities: PbxAdapter['capabilities'] = { pause: 'mask', stereo: 'two-files', hold: 'goes-on' }
  linkState: 'up' | 'down' = 'down'
  /** Whom queues know, as the next link-up tells it. */
  members: readonly QueueMember[] | null = null
  readonly recorders = new Map<string, FakeRecorder>()
  /** What was silenced, by the first file of the recorder. */
  readonly silences = new Map<string, readonly Silence[]>()
  readonly acknowledged = new Map<string, RecordingId | 'no'>()
  /** Requests whose dialplan was told to record by itself meanwhile. */
  readonly insured = new Set<string>()
  readonly #routes = new WaitingRoutes()
  readonly forgotten: ChannelId[] = []
  readonly wanted: WantedData[] = []
  readonly forgottenPauses: ChannelId[] = []
  /** By which ways a leg may be paused while nobody is there. */
  readonly pauseWays = new Map<ChannelId, readonly PauseMeans[]>()
  /** What the PBX has noted of pauses of its own: told when the link comes up. */
  notedPauses: LinkUp['pauses'] = []
  /** What the dialplan was told, by request. */
  readonly codeAnswers = new Map<string, CodeAnswer>()
  /** What legs were told to send to other PBXs. */
  readonly interactions = new Map<ChannelId, InteractionId>()
  /** What other PBXs said of legs, in X-Interaction-ID. */
  readonly interactionHeaders = new Map<ChannelId, string>()
  /** The next commands of this kind fail so. */
  readonly failures = new Map<Command, HoldfastError>()
  /** Recorders on these channels cannot be masked. */
  readonly maskFailures = new Map<ChannelId, HoldfastError>()
  /** Commands reach nobody: each of them fails as one does that has waited for its deadline. */
  isSilent = false
  /** What the dialplan does with the answer that it waited for. */
  onAcknowledged: ((channelId: ChannelId, answer: Acknowledgement) => void) | null = null
  /** Recorders on these channels are given nothing, and their files are thrown away as they end. */
  readonly unheard = new Set<ChannelId>()
  /** What kind the bridges are that legs enter from now on. */
  bridgeKind: BridgeKind = 'talk'
  #now: Date
  readonly #queue: PbxEvent[] = []
  #wake: (() => void) | null = null
  #closed = false
  #count = 0
  readonly #channels = new Map<ChannelId, Channel>()
  readonly #bridges = new Map<ChannelId, string>()
  readonly #natives: LinkUp['natives']

  constructor(pbxId = 'fake', now = new Date('2026-11-22T08:00:00.000Z'), natives: LinkUp['natives'] = []) {
    this.pbxId = parsePbxId(pbxId)
    this.#now = now
    this.#natives = natives
  }

  get now(): Date {
    return this.#now
  }

  /** The same PBX to the next service: channels and recorders live on, the event stream begins anew, and natives are told when the link comes up. */
  forNextService(natives: LinkUp['natives'] = [], pauses: LinkUp['pauses'] = []): FakePbxAdapter {
    const next = new FakePbxAdapter(this.pbxId, this.#now, natives)
    next.notedPauses = pauses
    for (const [id, recorder] of this.recorders) next.recorders.set(id, recorder)
    for (const [file, silences] of this.silences) next.silences.set(file, silences)
    for (const [id, channel] of this.#channels) next.#channels.set(id, channel)
    for (const [id, bridge] of this.#bridges) next.#bridges.set(id, bridge)
    return next
  }

  /** Lets the PBX's clock go on. */
  after(ms: number): this {
    this.#now = new Date(this.#now.getTime() + ms)
    return this
  }

  start(): void {
    this.connect(this.#natives)
  }

  /** The link comes up: what exists now is told. */
  connect(natives: LinkUp['natives'] = [], pbxStartedAt: Date | null = null, pauses: LinkUp['pauses'] = this.notedPauses): void {
    this.linkState = 'up'
    // When a leg was answered is not told any more: from here on it is known to be.
    const channels = [...this.#channels.values()].map((channel) => ({ channel: { ...channel, answeredAt: channel.answeredAt === null ? null : this.#now }, bridgeId: this.#bridges.get(channel.channelId) ?? null, recorderId: this.#recorderOn(channel.channelId)?.recorderId ?? null }))
    this.emit({ type: 'link-up', at: this.#now, channels, natives, pauses, pbxStartedAt, members: this.members })
  }

  disconnect(): void {
    this.linkState = 'down'
    this.emit({ type: 'link-down', at: this.#now })
  }

  emit(event: PbxEvent): void {
    this.#routes.note(event)
    this.#queue.push(event)
    this.#wake?.()
  }

  /** What a real PBX told: its legs and its clock are ours from then on. */
  replays(event: PbxEvent): void {
    this.#now = event.at
    if (event.type === 'channel-created') this.#channels.set(event.channelId, event.channel)
    if (event.type === 'dial-began') this.#channels.set(event.callee.channelId, event.callee)
    if (event.type === 'hangup') this.vanishes(this.channelOf(event.channelId))
    this.emit(event)
  }

  /** A leg appears: a customer calls in, or an agent's telephone is about to ring. */
  channel(name: string, { callId = name, number = name, dialled = null as string | null } = {}): Channel {
    this.#count += 1
    const channel: Channel = {
      pbxId: this.pbxId, channelId: parseChannelId(`${name}.${this.#count}`), callId: parseCallId(callId), name: `PJSIP/${name}-${this.#count}`,
      endpoint: `PJSIP/${name}`, caller: { number, name: null }, dialled, createdAt: this.#now, answeredAt: null,
    }
    this.#channels.set(channel.channelId, channel)
    return channel
  }

  /** The leg belongs to another call from now on; nobody is told before its next event. */
  renames(channel: Channel, callId: Channel['callId']): void {
    this.#channels.set(channel.channelId, { ...this.channelOf(channel.channelId), callId })
  }

  isLive({ channelId }: Channel): boolean {
    return this.#channels.has(channelId)
  }

  isBridged({ channelId }: Channel): boolean {
    return this.#bridges.has(channelId)
  }

  channelOf(channelId: ChannelId): Channel {
    const channel = this.#channels.get(channelId)
    if (channel === undefined) throw new Error(`no channel ${channelId}`)
    return channel
  }

  call(name: string, options: Parameters<FakePbxAdapter['channel']>[1] = {}): Channel {
    const channel = this.channel(name, options)
    this.emit({ type: 'channel-created', channelId: channel.channelId, callId: channel.callId, at: this.#now, channel })
    return channel
  }

  asks(channel: Channel, attached: Readonly<Record<string, string>> = {}, direction: Direction = 'inbound'): string {
    return this.asksWith(channel, { attached, direction })
  }

  /** With what came in SIP headers, and what the route calls trusted. */
  asksWith(channel: Channel, { attached = {}, direction = 'inbound', headers = {}, interactionId = null }: Partial<Pick<RecordingAsked, 'attached' | 'direction' | 'headers' | 'interactionId'>>): string {
    const requestId = `request-${channel.channelId}`
    this.emit({ type: 'recording-asked', ...this.of(channel), requestId, direction, dialled: null, attached, headers, interactionId })
    return requestId
  }

  /** Keys on this leg, or a step of its route. */
  presses(channel: Channel, action: CodeAction, { way = 'dtmf', requestId = `code-${this.codeAnswers.size + 1}` }: { readonly way?: CodeWay; readonly requestId?: string } = {}): string {
    this.emit({ type: 'code-pressed', ...this.of(channel), requestId, action, way })
    return requestId
  }

  dials(caller: Channel, name: string): Channel {
    const callee = this.channel(name, { callId: caller.callId })
    this.emit({ type: 'dial-began', ...this.of(caller), callee })
    return callee
  }

  answers(channel: Channel): void {
    this.#channels.set(channel.channelId, { ...channel, answeredAt: this.#now })
    this.emit({ type: 'channel-answered', ...this.of(channel) })
  }

  bridges(...channels: readonly Channel[]): void {
    this.enters(`bridge-${channels[0]?.channelId ?? ''}`, ...channels)
  }

  enters(bridgeId: string, ...channels: readonly Channel[]): void {
    for (const channel of channels) {
      this.#bridges.set(channel.channelId, bridgeId)
      this.emit({ type: 'bridge-entered', ...this.of(channel), bridgeId, kind: this.bridgeKind })
    }
  }

  leaves(channel: Channel): void {
    const bridgeId = this.#bridges.get(channel.channelId)
    if (bridgeId === undefined) throw new Error(`${channel.name} is in no bridge`)
    this.#bridges.delete(channel.channelId)
    this.emit({ type: 'bridge-left', ...this.of(channel), bridgeId })
  }

  /** A pair of the PBX's own legs, as its attended transfer uses one. */
  pair(name: string, callId: Channel['callId']): readonly [Channel, Channel] {
    return [this.#half(`Local/${name};1`, callId), this.#half(`Local/${name};2`, callId)]
  }

  #half(name: string, callId: Channel['callId']): Channel {
    const channel: Channel = { ...this.channel('local', { callId }), name, endpoint: null }
    this.#channels.set(channel.channelId, channel)
    this.emit({ type: 'channel-created', ...this.of(channel), channel })
    return channel
  }

  /** A leg is passed on by another, to a number. */
  transfers(transferee: Channel, by: Channel, { kind, number, consultation = null }: { readonly kind: TransferKind; readonly number: string; readonly consultation?: Channel | null }): void {
    this.emit({
      type: 'transferred', ...this.of(transferee), kind,
      consultation: consultation === null ? null : { channelId: consultation.channelId, callId: consultation.callId },
      by: { channelId: by.channelId, identity: by.caller, endpoint: by.endpoint },
      to: { channelId: null, identity: { number, name: null }, endpoint: null },
    })
  }

  /** What rings at one is taken at another: what hangs on the first leg hangs on the second now. */
  picksUp(ringing: Channel, picker: Channel): void {
    for (const recorder of this.recorders.values()) {
      if (recorder.channelId === ringing.channelId) this.recorders.set(recorder.recorderId, { ...recorder, channelId: picker.channelId })
    }
    this.emit({ type: 'picked-up', ...this.of(ringing), byChannelId: picker.channelId, byCallId: picker.callId })
  }

  hangsUp(channel: Channel): void {
    for (const recorder of this.recorders.values()) if (recorder.channelId === channel.channelId) this.#discard(recorder)
    this.vanishes(channel)
    this.emit({ type: 'hangup', ...this.of(channel), causeQ850: 16 })
  }

  /** The leg ends while nobody hears of it. */
  vanishes(channel: Channel): void {
    this.#channels.delete(channel.channelId)
    this.#bridges.delete(channel.channelId)
    for (const [id, recorder] of this.recorders) if (recorder.channelId === channel.channelId) this.recorders.delete(id)
  }

  of(channel: Channel): { readonly channelId: ChannelId; readonly callId: Channel['callId']; readonly at: Date } {
    return { channelId: channel.channelId, callId: channel.callId, at: this.#now }
  }

  async *events(): AsyncIterable<PbxEvent> {
    for (;;) {
      const event = this.#queue.shift()
      if (event === undefined) {
        // What waits is still delivered.
        if (this.#closed) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      } else {
        yield event
      }
    }
  }

  segmentFiles({ recordingId, index }: StartSegment): SegmentFiles {
    return { received: `holdfast/${recordingId}.${index}.rx.wav`, transmitted: `holdfast/${recordingId}.${index}.tx.wav` }
  }

  async startSegment(segment: StartSegment): Promise<StartedSegment> {
    this.#check('start', segment.channelId)
    this.#count += 1
    const recorderId = `recorder-${this.#count}`
    this.recorders.set(recorderId, { channelId: segment.channelId, recorderId, files: this.segmentFiles(segment), masked: false })
    this.emit({ type: 'recorder-started', ...this.of(this.channelOf(segment.channelId)) })
    return await Promise.resolve({ channelId: segment.channelId, recorderId, at: this.#now })
  }

  async stopSegment(segment: RunningSegment): Promise<{ readonly at: Date }> {
    this.#check('stop')
    for (const recorder of this.#matching(segment)) {
      this.recorders.delete(recorder.recorderId)
      this.emit({ type: 'recorder-stopped', ...this.of(this.channelOf(recorder.channelId)) })
      this.#discard(recorder)
    }
    return await Promise.resolve({ at: this.#now })
  }

  async mask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return await Promise.resolve(this.#setMask('mask', segment))
  }

  async unmask(segment: RunningSegment): Promise<{ readonly at: Date }> {
    return await Promise.resolve(this.#setMask('unmask', segment))
  }

  isAwaited(requestId: string): boolean {
    return this.#routes.isWaiting(requestId)
  }

  async acknowledge(channelId: ChannelId, requestId: string, answer: Acknowledgement): Promise<void> {
    this.#check('acknowledge', channelId)
    if (typeof answer !== 'string') this.insured.add(requestId)
    this.acknowledged.set(requestId, typeof answer === 'string' ? answer : answer.insure)
    this.onAcknowledged?.(channelId, answer)
    await Promise.resolve()
  }

  async tellInteraction(channelId: ChannelId, interactionId: InteractionId): Promise<void> {
    this.#check('interaction', channelId)
    this.interactions.set(channelId, interactionId)
    await Promise.resolve()
  }

  async readInteraction(channelId: ChannelId): Promise<string | null> {
    this.#check('interaction', channelId)
    return await Promise.resolve(this.interactionHeaders.get(channelId) ?? null)
  }

  async answerCode(channelId: ChannelId, requestId: string, answer: CodeAnswer): Promise<void> {
    this.#check('answerCode', channelId)
    this.codeAnswers.set(requestId, answer)
    await Promise.resolve()
  }

  async wantData(wanted: WantedData): Promise<'told' | 'later' | 'by-hand'> {
    this.wanted.push(wanted)
    return await Promise.resolve(this.linkState === 'up' ? 'told' : 'later')
  }

  async tellPauseWays(channelId: ChannelId, ways: readonly PauseMeans[]): Promise<void> {
    this.#check('tellPauseWays', channelId)
    this.pauseWays.set(channelId, ways)
    await Promise.resolve()
  }

  async forgetPauses(channelId: ChannelId): Promise<void> {
    this.#check('forget')
    this.forgottenPauses.push(channelId)
    await Promise.resolve()
  }

  async forgetNative(channelId: ChannelId): Promise<void> {
    this.#check('forget')
    this.forgotten.push(channelId)
    await Promise.resolve()
  }

  /** As a real adapter does, it tells of the end of its own link. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.linkState === 'up') this.disconnect()
    this.#closed = true
    this.#wake?.()
    await Promise.resolve()
  }

  #discard({ channelId, files }: FakeRecorder): void {
    if (this.unheard.has(channelId)) this.emit({ type: 'recorder-discarded', ...this.of(this.channelOf(channelId)), file: files.received })
  }

  #setMask(command: 'mask' | 'unmask', segment: RunningSegment): { readonly at: Date } {
    this.#check(command, segment.channelId)
    const refusal = command === 'mask' ? this.maskFailures.get(segment.channelId) : undefined
    if (refusal !== undefined) throw refusal
    const recorders = this.#matching(segment)
    if (recorders.length === 0) throw new HoldfastError('PBX_REFUSED', 'Cannot set mute flag')
    for (const recorder of recorders) this.#silence(recorder, command)
    return { at: this.#now }
  }

  #silence(recorder: FakeRecorder, command: 'mask' | 'unmask'): void {
    const known = this.silences.get(recorder.files.received) ?? []
    if (command === 'mask' && !recorder.masked) this.silences.set(recorder.files.received, [...known, { from: this.#now, to: null }])
    if (command === 'unmask') this.silences.set(recorder.files.received, known.map(({ from, to }) => ({ from, to: to ?? this.#now })))
    recorder.masked = command === 'mask'
  }

  #matching({ channelId, recorderId }: RunningSegment): readonly FakeRecorder[] {
    return [...this.recorders.values()].filter((recorder) => recorder.channelId === channelId && (recorderId === null || recorder.recorderId === recorderId))
  }

  #recorderOn(channelId: ChannelId): FakeRecorder | undefined {
    return [...this.recorders.values()].find((recorder) => recorder.channelId === channelId)
  }

  #check(command: Command, channelId: ChannelId | null = null): void {
    if (this.linkState === 'down') throw new HoldfastError('PBX_UNREACHABLE', 'the link is down')
    if (this.isSilent) throw new HoldfastError('PBX_TIMEOUT', 'no answer came in time')
    const failure = this.failures.get(command)
    if (failure !== undefined) throw failure
    if (channelId !== null && !this.#channels.has(channelId)) throw new HoldfastError('CHANNEL_GONE', 'No such channel')
  }
}
