import { HoldfastError } from './errors.ts'

export const RECORDING_STATES = [
  'requested', 'recording', 'paused', 'stopped', 'ingesting', 'stored', 'archived', 'purged', 'failed', 'not-recorded',
] as const
/** Where a recording stands. `not-recorded` and `failed` always come with a reason. */
export type RecordingState = (typeof RECORDING_STATES)[number]

export const LIFECYCLE_EVENTS = [
  'started', 'paused', 'resumed', 'stopped', 'declined', 'failed', 'ingest-began', 'stored', 'archived', 'purged',
] as const
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number]

/**
 * What each state allows. A pair that stands here with its own state is a duplicate or a known race:
 * MixMonitorStart comes before its reply, a segment starts while the recording runs, Hangup comes after Stop, a job runs twice.
 */
const TRANSITIONS: Record<RecordingState, Partial<Record<LifecycleEvent, RecordingState>>> = {
  requested: { started: 'recording', paused: 'paused', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  recording: { started: 'recording', paused: 'paused', resumed: 'recording', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  paused: { started: 'paused', paused: 'paused', resumed: 'recording', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  stopped: { stopped: 'stopped', 'ingest-began': 'ingesting', declined: 'not-recorded', failed: 'failed' },
  ingesting: { stopped: 'ingesting', 'ingest-began': 'ingesting', stored: 'stored', declined: 'not-recorded', failed: 'failed' },
  stored: { 'ingest-began': 'stored', stored: 'stored', archived: 'archived', purged: 'purged' },
  archived: { archived: 'archived', purged: 'purged' },
  purged: { purged: 'purged' },
  // A file that turns up after the failure was noted is still stored: nothing is lost.
  failed: { failed: 'failed', stopped: 'failed', 'ingest-began': 'ingesting', purged: 'purged' },
  'not-recorded': { declined: 'not-recorded', purged: 'purged' },
}

/**
 * The state after an event.
 * @throws HoldfastError `ILLEGAL_TRANSITION` when the event is not in the state's row
 */
export function transition(from: RecordingState, event: LifecycleEvent): RecordingState {
  const to = TRANSITIONS[from][event]
  if (to === undefined) {
    throw new HoldfastError('ILLEGAL_TRANSITION', `a recording that is ${from} cannot be ${event}`, { from, event })
  }
  return to
}

/** Whether it is being recorded, or brought in: nothing of it can be destroyed yet. */
export function isUnfinished(state: RecordingState): boolean {
  return isLive(state) || state === 'stopped' || state === 'ingesting'
}

/** Whether sound of this recording may still come. */
export function isLive(state: RecordingState): boolean {
  return state === 'requested' || state === 'recording' || state === 'paused'
}
