import type { CallId, ChannelId, RecordingId } from '../../../core/domain/ids.ts'
import { parseChannelId, parseInteractionId, parseRecordingId } from '../../../core/domain/ids.ts'
import type { PbxAdapter, StartedSegment } from '../../../core/ports/pbx-adapter.ts'
import { until } from '../../support/hooks.ts'
import type { EventOf, HeardEvents } from '../../support/pbx/heard-events.ts'
import type { CallPlan, PbxSubject, SubjectCall } from '../../support/pbx/pbx-subject.ts'

/** No PBX has given this id to a channel. */
export const UNKNOWN_CHANNEL: ChannelId = parseChannelId('00000000-0000-4000-8000-00000000dead')

export const INTERACTION = parseInteractionId('4100000000000001')

let lastRecordingId = 4_100_000_000_000_000

export function mintRecordingId(): RecordingId {
  lastRecordingId += 1
  return parseRecordingId(String(lastRecordingId))
}

/** Customer and agent, as the adapter told of them. */
export interface Talk {
  readonly call: SubjectCall
  readonly asked: EventOf<'recording-asked'>
  readonly callId: CallId
  readonly customer: ChannelId
  readonly agent: ChannelId
}

export interface Playing {
  readonly subject: PbxSubject
  readonly service: HeardEvents
}

/** A customer calls, and her route waits for its answer. */
export async function ask({ subject, service }: Playing, plan?: CallPlan): Promise<{ readonly call: SubjectCall; readonly asked: EventOf<'recording-asked'> }> {
  await service.next('link-up')
  // Commands are carried out in their order: behind this one, the heartbeat is there that the route looks for.
  await service.adapter.forgetPauses(UNKNOWN_CHANNEL)
  const before = service.all('recording-asked').length
  const call = await subject.call(plan)
  const asked = await until(() => {
    const event = service.all('recording-asked')[before]
    if (event === undefined) throw new Error(`nothing was asked among ${service.events.map(({ type }) => type).join(' ')}`)
    return event
  }, { withinMs: 20_000 })
  return { call, asked }
}

/** A customer calls, her route is answered, and an agent talks with her. */
export async function talk(playing: Playing, plan?: CallPlan): Promise<Talk> {
  const { call, asked } = await ask(playing, plan)
  await playing.service.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
  const agent = await peerOf(playing.service, asked.channelId)
  return { call, asked, callId: asked.callId, customer: asked.channelId, agent }
}

/** Whoever is in one bridge with this leg now. */
export async function peerOf(service: HeardEvents, channelId: ChannelId, { besides = [] }: { readonly besides?: readonly ChannelId[] } = {}): Promise<ChannelId> {
  return await until(() => {
    const bridges = new Map<ChannelId, string>()
    for (const event of service.events) {
      if (event.type === 'bridge-entered') bridges.set(event.channelId, event.bridgeId)
      if (event.type === 'bridge-left' && bridges.get(event.channelId) === event.bridgeId) bridges.delete(event.channelId)
    }
    const own = bridges.get(channelId)
    const [peer] = [...bridges].find(([other, bridgeId]) => bridgeId === own && other !== channelId && !besides.includes(other)) ?? []
    if (peer === undefined) throw new Error(`nobody is in a bridge with ${channelId}`)
    return peer
  }, { withinMs: 20_000 })
}

/** A recorder on this leg, under an id of its own. */
export async function record(adapter: PbxAdapter, channelId: ChannelId, recordingId = mintRecordingId()): Promise<StartedSegment> {
  return await adapter.startSegment({ channelId, recordingId, index: 0 })
}
