import { type AttachedChange, withAttached } from './attached-data.ts'
import type { RecordingFact, RecordingRequested } from './capture-fact.ts'
import { HoldfastError } from './errors.ts'
import { transition } from './lifecycle.ts'
import type { Demand, Party, Pause, Recording, Segment } from './recording.ts'
import { isSameTransfer } from './transfer.ts'

type Later = Exclude<RecordingFact, RecordingRequested>
type Change<F extends Later> = (recording: Recording, fact: F) => Recording

/**
 * The recording after one more fact. Pure; the catalogue and a restarted capture service both build their view with it.
 * @throws HoldfastError `ILLEGAL_TRANSITION`; `RECORDING_NOT_FOUND` when the first fact is not `recording-requested`
 */
export function evolve(recording: Recording | null, fact: RecordingFact): Recording {
  if (fact.type === 'recording-requested') return recording ?? requested(fact)
  if (recording === null) {
    throw new HoldfastError('RECORDING_NOT_FOUND', 'a fact came before the request of its recording', { recordingId: fact.recordingId, fact: fact.type })
  }
  // A tombstone learns nothing more: a fact that comes late would bring numbers and names back.
  if (recording.state === 'purged') throw new HoldfastError('ILLEGAL_TRANSITION', 'a fact came after its recording was destroyed', { recordingId: fact.recordingId, fact: fact.type })
  const change = CHANGES[fact.type] as Change<Later>
  return change(recording, fact)
}

function requested(fact: RecordingRequested): Recording {
  const { type: _, at, recordingId, ...known } = fact
  return {
    ...known,
    id: recordingId,
    state: 'requested',
    reason: null,
    requestedAt: at,
    startedAt: at,
    answeredAt: null,
    endedAt: null,
    partitions: fact.decision.partitions,
    labels: fact.decision.labels,
    ruleLabels: fact.decision.labels,
    attached: fact.decision.input.attached,
    segments: [],
    pauses: [],
    demands: [],
    parties: [],
    transfers: [],
    media: null,
    findings: [],
  }
}

const CHANGES: { readonly [T in Later['type']]: Change<Extract<Later, { type: T }>> } = {
  'segment-opened': (recording, { index, channelId, files, at }) => recording.segments.some((segment) => segment.index === index)
    ? recording
    : { ...recording, segments: [...recording.segments, { index, channelId, files, recorderId: null, startedAt: at, answeredAt: null, endedAt: null, heldAt: null, discardedAt: null }] },
  'segment-started': (recording, { index, recorderId, at }) => ({
    ...withSegment(recording, index, (segment) => ({ ...segment, recorderId: recorderId ?? segment.recorderId, startedAt: segment.recorderId === null ? at : segment.startedAt })),
    state: transition(recording.state, 'started'),
    startedAt: recording.state === 'requested' ? at : recording.startedAt,
  }),
  'segment-moved': (recording, { index, channelId }) => withSegment(recording, index, (segment) => ({ ...segment, channelId })),
  'segment-closed': (recording, { index, at }) => withSegment(recording, index, (segment) => ({ ...segment, endedAt: segment.endedAt ?? at })),
  'segment-held': (recording, { index, at }) => withSegment(recording, index, (segment) => ({ ...segment, heldAt: segment.heldAt ?? at })),
  // A hold that was over before the recorder ran cost it nothing.
  'segment-unheld': (recording, { index, at }) => withSegment(recording, index, (segment) => segment.heldAt === null || at <= segment.startedAt ? segment : { ...segment, answeredAt: segment.answeredAt ?? at }),
  'segment-discarded': (recording, { index, at }) => withSegment(recording, index, (segment) => ({ ...segment, discardedAt: segment.discardedAt ?? at })),
  answered: (recording, { at }) => ({
    ...recording,
    answeredAt: recording.answeredAt ?? at,
    segments: recording.segments.map((segment) => segment.endedAt === null && segment.startedAt < at ? { ...segment, answeredAt: segment.answeredAt ?? at } : segment),
  }),
  'pause-asked': (recording, { at, by, how, limitMs }) => {
    const open = lastPause(recording)
    if (open === undefined || open.resumedAt !== null) {
      return { ...recording, pauses: [...recording.pauses, { index: recording.pauses.length, by, how, askedAt: at, effectiveAt: null, limitMs: limitMs ?? null, warnedAt: null, resumeBy: null, resumeAskedAt: null, resumedAt: null }] }
    }
    // Its end was asked for and never confirmed: the pause goes on, and that wish is void.
    return withLastPause(recording, (pause) => ({ ...pause, resumeBy: null, resumeAskedAt: null }))
  },
  'pause-effective': (recording, { at }) => ({
    ...withLastPause(recording, (pause) => ({ ...pause, effectiveAt: pause.effectiveAt ?? at })),
    state: transition(recording.state, 'paused'),
  }),
  'pause-warned': (recording, { at }) => withLastPause(recording, (pause) => ({ ...pause, warnedAt: pause.warnedAt ?? at })),
  'pause-failed': (recording, { at }) => withLastPause(recording, (pause) => ({ ...pause, resumeBy: 'system', resumeAskedAt: at, resumedAt: at })),
  'resume-asked': (recording, { at, by }) => withLastPause(recording, (pause) => ({ ...pause, resumeBy: pause.resumeBy ?? by, resumeAskedAt: pause.resumeAskedAt ?? at })),
  'resume-effective': (recording, { at }) => ({
    ...withLastPause(recording, (pause) => ({ ...pause, resumedAt: pause.resumedAt ?? at })),
    state: afterResume(recording),
  }),
  'start-asked': (recording, fact) => withDemand(recording, 'start', fact),
  'stop-asked': (recording, fact) => withDemand(recording, 'stop', fact),
  'stop-failed': (recording, { at }) => ({
    ...recording,
    demands: recording.demands.map((demand, index) => index === recording.demands.length - 1 && demand.action === 'stop' ? { ...demand, failedAt: demand.failedAt ?? at } : demand),
  }),
  'attached-changed': (recording, { change }) => withChange(recording, change),
  'attached-set': (recording, { change }) => withChange(recording, change),
  // Told again, she may turn out to have been heard earlier.
  'party-joined': (recording, { party }) => recording.parties.some((known) => isStill(known, party))
    ? { ...recording, parties: recording.parties.map((known) => isStill(known, party) && party.fromAt < known.fromAt ? { ...known, fromAt: party.fromAt } : known) }
    : { ...recording, parties: [...recording.parties, party] },
  'party-left': (recording, { channelId, at }) => ({
    ...recording,
    parties: recording.parties.map((party) => party.channelId === channelId && party.toAt === null ? { ...party, toAt: at } : party),
  }),
  transferred: (recording, { transfer }) => recording.transfers.some((known) => isSameTransfer(known, transfer))
    ? recording
    : { ...recording, transfers: [...recording.transfers, transfer] },
  'party-named': (recording, { channelId, agent }) => {
    const party = recording.parties.find((each) => each.channelId === channelId && each.toAt === null)
    // The first agent stays the first: only her own name may have changed.
    const isHers = recording.agent === null || recording.agent === party?.endpoint || recording.agent === party?.agent
    return {
      ...recording,
      agent: isHers ? agent : recording.agent,
      parties: recording.parties.map((each) => each === party ? { ...each, agent } : each),
    }
  },
  'agent-known': (recording, { agent }) => ({ ...recording, agent }),
  'queue-known': (recording, { queue }) => ({ ...recording, queue }),
  announced: (recording, { announcement }) => ({ ...recording, announcement: recording.announcement ?? announcement }),
  'partitions-gained': (recording, { partitions }) => ({ ...recording, partitions: [...new Set([...recording.partitions, ...partitions])] }),
  'labels-gained': (recording, { labels }) => ({ ...recording, labels: union(recording.labels, labels), ruleLabels: union(recording.ruleLabels, labels) }),
  'control-refused': (recording) => recording,
  'insurance-ended': (recording) => recording,
  'would-stop': (recording) => recording,
  'recording-stopped': (recording, { at, reason }) => ({
    ...closed(recording, at),
    state: transition(recording.state, 'stopped'),
    reason: recording.reason ?? reason,
    endedAt: recording.endedAt ?? at,
  }),
  'recording-failed': (recording, { at, reason }) => ({
    ...closed(recording, at),
    state: transition(recording.state, 'failed'),
    reason,
    endedAt: recording.endedAt ?? at,
  }),
  'recording-declined': (recording, { at, reason }) => ({
    ...closed(recording, at),
    state: transition(recording.state, 'declined'),
    reason,
    endedAt: recording.endedAt ?? at,
  }),
}

function isStill(known: Party, { channelId }: Party): boolean {
  return known.channelId === channelId && known.toAt === null
}

/** What was asked for during a pause has not begun: it waits again, now for its leg. */
function afterResume({ state, segments }: Recording): Recording['state'] {
  const resumed = transition(state, 'resumed')
  return segments.length === 0 ? 'requested' : resumed
}

function withChange(recording: Recording, change: AttachedChange): Recording {
  return { ...recording, attached: withAttached(recording.attached, change.key, change.value), attachedChanges: [...recording.attachedChanges, change] }
}

/** Nothing of an ended recording stays open: segments, pauses and parties end with it. */
function closed(recording: Recording, at: Date): Recording {
  return {
    ...recording,
    segments: recording.segments.map((segment) => ({ ...segment, endedAt: segment.endedAt ?? at })),
    pauses: recording.pauses.map((pause) => ({ ...pause, resumedAt: pause.resumedAt ?? at })),
    parties: recording.parties.map((party) => ({ ...party, toAt: party.toAt ?? at })),
  }
}

function lastPause(recording: Recording): Pause | undefined {
  return recording.pauses.at(-1)
}

function withLastPause(recording: Recording, change: (pause: Pause) => Pause): Recording {
  return { ...recording, pauses: recording.pauses.map((pause, index) => index === recording.pauses.length - 1 ? change(pause) : pause) }
}

function union(known: readonly string[], gained: readonly string[]): readonly string[] {
  return [...new Set([...known, ...gained])]
}

function withDemand(recording: Recording, action: Demand['action'], { by, how, at }: Pick<Demand, 'by' | 'how'> & { readonly at: Date }): Recording {
  return { ...recording, demands: [...recording.demands, { index: recording.demands.length, action, by, how, askedAt: at, failedAt: null }] }
}

function withSegment(recording: Recording, index: number, change: (segment: Segment) => Segment): Recording {
  return { ...recording, segments: recording.segments.map((segment) => segment.index === index ? change(segment) : segment) }
}
