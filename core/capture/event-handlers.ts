import type { PbxEvent } from '../ports/pbx-event.ts'
import { nameAgents } from './people/agents.ts'
import { lastWrite, withdrawUnbegun } from './recorders/adoption.ts'
import { endWhatIsOver } from './calls/conversations.ts'
import { armAnswered, armConnected, armRinging } from './recorders/full-time.ts'
import { noteDiscarded } from './recorders/discards.ts'
import { holdBegan, holdEnded } from './recorders/hold.ts'
import { dropInsurance, settleConnected, settleWithout, takeNative } from './recorders/insurance.ts'
import { isToBeSilent } from './calls/interaction-pauses.ts'
import { Guard } from './calls/guard.ts'
import { takeUp } from './link-up.ts'
import { openSegment } from './calls/live-recordings.ts'
import { followHearing } from './recorders/hearing.ts'
import { adoptAct } from './native-acts.ts'
import { agentLeft, forgetPausesOfEndedCalls } from './calls/pause-ends.ts'
import { seatConnected, seatLogin, seatMember, unseatLogin, unseatMember } from './people/pbx-logins.ts'
import { cut } from './recorders/peer-change.ts'
import { isOn, pickUp } from './recorders/pick-up.ts'
import { running } from './recorders/recorder.ts'
import { noteChange } from './rules/note-change.ts'
import { reconsider, spread } from './recorders/reconsider.ts'
import { answerRequest, startConnected, startWaiting } from './recorders/recording-request.ts'
import type { CaptureService } from './capture-service.ts'

/** What is done for an event of that kind, in the order of its call. */
export type Handle<T extends PbxEvent['type']> = (service: CaptureService, event: Extract<PbxEvent, { type: T }>) => Promise<void>

/** Events without a row are only heard: by the tracker and the ledger. */
export const HANDLERS: { readonly [T in PbxEvent['type']]?: Handle<T> } = {
  'link-up': async (service, event) => {
    const { context } = service
    context.runtime.metrics.gauge('holdfast_pbx_link_up', 1, { pbx: context.pbxId })
    await takeUp(service, event)
    service.lostAt = null
  },
  'link-down': async (service, { at }) => {
    const { context } = service
    service.lostAt = at
    await service.observation.lost(at, 'link-down')
    service.acts.clear()
    context.runtime.metrics.gauge('holdfast_pbx_link_up', 0, { pbx: context.pbxId })
    context.runtime.log.warn({ pbxId: context.pbxId }, 'PBX link down: running recordings go on, new ones are recorded natively')
  },
  'recording-asked': async ({ context, recorder }, event) => {
    const { adapter, runtime, pbxId } = context
    if (adapter.isAwaited(event.requestId)) await answerRequest(context, recorder, event)
    // Its recording is told behind this: who answered all the same would do the work twice while behind, and so never catch up.
    else runtime.metrics.count('holdfast_requests_given_up_total', { pbx: pbxId })
  },
  'native-recording': async ({ context, recorder }, event) => {
    await takeNative(context, recorder, event)
    const isOver = context.tracker.find(event.channelId) === null
    const unseen = isOver ? context.live.onChannel(context.pbxId, event.channelId).filter(({ origin }) => origin === 'native') : []
    for (const recording of unseen) await recorder.ended(recording, 'ended-unseen', await lastWrite(context, recording) ?? event.at)
    await endWhatIsOver(context, event)
  },
  'native-pause': async (service, event) => {
    if (event.stage === 'begins') service.acts.begins(event)
    else if (event.stage === 'over') await service.codes.follow(service.context, event)
    else await adoptAct(service, event)
  },
  'code-pressed': ({ context, codes }, event) => codes.press(context, event),
  'dial-began': async ({ context, recorder }, event) => {
    await startWaiting(context, recorder, event)
    await armRinging(context, recorder, event)
  },
  'picked-up': ({ context, recorder }, event) => pickUp(context, recorder, event),
  'channel-answered': async (service, event) => {
    const { channelId, at } = event
    for (const recording of service.recordingsOn(channelId)) {
      await service.context.live.record({ type: 'answered', recordingId: recording.id, at })
    }
    await followHearing(service.context, service.recorder, event)
    await armAnswered(service.context, service.recorder, { channelId, at })
  },
  'bridge-entered': async ({ context, recorder }, event) => {
    const { channelId, callId, at } = event
    await followHearing(context, recorder, event)
    await startConnected(context, recorder, channelId)
    await reconsider(context, recorder, { callId, channelId, at })
    await armConnected(context, recorder, { channelId, at })
    await settleConnected(context, recorder, { channelId, callId })
  },
  'bridge-left': ({ context, recorder }, event) => followHearing(context, recorder, event),
  transferred: async ({ context }, event) => {
    for (const leg of [event.by, event.consultation]) if (leg !== null) agentLeft(context, leg.channelId, 'transfer')
    // What this leg dials from now on is another route, which has to ask for a recording of its own; it may have asked before we are told.
    if (event.kind === 'blind') context.wishes.forgetUntil(event.channelId, context.tracker.routeSince(event.channelId, event.at) ?? event.at)
    await Promise.resolve()
  },
  'recorder-muted': async (service, { channelId, muted }) => {
    // A mask that was given up and never answered is carried out after all: nobody wants this silence any more.
    const { pauses } = service.context
    const late = service.recordingsOn(channelId).filter((recording) => muted !== 'none' && pauses.isLateMask(recording.id) && !isToBeSilent(pauses, recording))
    for (const { id } of late) pauses.owe(id, 'unmask')
    if (late.length > 0) service.settleLate()
    await Promise.resolve()
  },
  'attached-changed': async ({ context, recorder }, event) => {
    const { change, at } = event
    await noteChange(context, event, (recordingId) => ({ type: 'attached-changed', recordingId, change, at }))
    await nameAgents(context, event)
    spread(context, event)
    await reconsider(context, recorder, event)
  },
  announced: async ({ context }, { callId, announcement, at }) => {
    for (const recording of context.live.ofCall(context.pbxId, callId)) {
      await context.live.record({ type: 'announced', recordingId: recording.id, announcement, at })
    }
  },
  'recorder-stopped': async (service, { channelId, at }) => {
    const { context, recorder } = service
    for (const recording of service.recordingsOn(channelId)) {
      // Our own stop closed its segment before the PBX was told; a segment that is open and older was stopped by somebody else.
      const segment = openSegment(recording)
      if (segment === null || segment.recorderId === null || segment.startedAt >= at || service.acts.isUnderWayOn(channelId) || context.ownStops.take(channelId)) continue
      // A busy PBX dates the end of the one before late: this one runs, and a cut would cost sound.
      if (await isOn(context, recording, running(segment))) continue
      context.runtime.metrics.count('holdfast_recorders_stopped_by_others_total', { pbx: context.pbxId })
      context.runtime.log.warn({ recordingId: recording.id, at }, 'a recorder was stopped on the PBX by somebody else: another begins')
      await cut(context, recorder, { recording, segment, at: context.adapter.now })
    }
  },
  held: async ({ context, recorder, acts }, event) => {
    // The dialplan ends and begins the recorders itself then.
    if (!acts.isUnderWayOn(event.channelId)) await holdBegan(context, recorder, event)
  },
  unheld: ({ context }, event) => holdEnded(context, event),
  'recorder-discarded': ({ context }, event) => noteDiscarded(context, event),
  'queue-connected': async (service, event) => {
    const { channelId, agentChannelId, queue, at } = event
    const { live, pbxId } = service.context
    const concerned = [...service.recordingsOn(channelId), ...service.recordingsOn(agentChannelId), ...live.waitingOn(pbxId, channelId)]
    for (const recording of concerned.filter((candidate) => candidate.queue !== queue)) await live.record({ type: 'queue-known', recordingId: recording.id, queue, at })
    await reconsider(service.context, service.recorder, event)
    await seatConnected(service.context, event)
  },
  'queue-member-added': ({ context }, event) => seatMember(context, event),
  'queue-member-removed': ({ context }, event) => unseatMember(context, event),
  'agent-logged-in': ({ context }, event) => seatLogin(context, event),
  'agent-logged-out': ({ context }, event) => unseatLogin(context, event),
  hangup: async (service, event) => {
    const { channelId, callId, at } = event
    const { live, wishes, ownStops, insurances, presences, pbxId } = service.context
    wishes.forget(channelId)
    ownStops.forget(channelId)
    service.context.told.forget(channelId)
    service.codes.forget(channelId)
    // Its recordings end, whatever becomes of the rest.
    const guard = new Guard(service.context, 'what a leg left behind could not be settled')
    await guard.run({ channelId }, () => dropInsurance(service.context, service.recorder, { channelId, at }))
    await guard.run({ channelId }, () => settleWithout(service.context, service.recorder, channelId))
    for (const act of service.acts.leftBy(channelId)) await guard.run({ channelId: act.channelId }, () => adoptAct(service, act))
    await guard.run({ channelId }, () => followHearing(service.context, service.recorder, event))
    guard.rethrow()
    insurances.forget(channelId)
    live.forgetStopped(pbxId, channelId)
    for (const recording of [...service.recordingsOn(channelId), ...live.waitingOn(pbxId, channelId)]) {
      // Its answer would have been seen.
      await guard.run({ channelId }, () => withdrawUnbegun(service.context, recording))
      await service.recorder.ended(live.find(recording.id) ?? recording, 'hangup', at)
    }
    await endWhatIsOver(service.context, { callId, at })
    presences.forget(channelId)
    agentLeft(service.context, channelId, 'agent-hangup')
    await forgetPausesOfEndedCalls(service.context)
  },
}
