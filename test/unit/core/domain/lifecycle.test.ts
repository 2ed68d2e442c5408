import { expect } from 'chai'
import { describe, it } from 'mocha'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { isLive, LIFECYCLE_EVENTS, type LifecycleEvent, RECORDING_STATES, type RecordingState, transition } from '../../../../core/domain/lifecycle.ts'

/** What is allowed, state by state; everything else is refused. A new state does not compile without its row. */
const ALLOWED = {
  requested: { started: 'recording', paused: 'paused', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  recording: { started: 'recording', paused: 'paused', resumed: 'recording', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  paused: { started: 'paused', paused: 'paused', resumed: 'recording', stopped: 'stopped', declined: 'not-recorded', failed: 'failed' },
  stopped: { stopped: 'stopped', 'ingest-began': 'ingesting', declined: 'not-recorded', failed: 'failed' },
  ingesting: { stopped: 'ingesting', 'ingest-began': 'ingesting', stored: 'stored', declined: 'not-recorded', failed: 'failed' },
  stored: { 'ingest-began': 'stored', stored: 'stored', archived: 'archived', purged: 'purged' },
  archived: { archived: 'archived', purged: 'purged' },
  purged: { purged: 'purged' },
  failed: { failed: 'failed', stopped: 'failed', 'ingest-began': 'ingesting', purged: 'purged' },
  'not-recorded': { declined: 'not-recorded', purged: 'purged' },
} satisfies Record<RecordingState, Partial<Record<LifecycleEvent, RecordingState>>>

const LIVE = {
  requested: true, recording: true, paused: true, stopped: false, ingesting: false,
  stored: false, archived: false, purged: false, failed: false, 'not-recorded': false,
} satisfies Record<RecordingState, boolean>

describe('recording lifecycle', () => {
  for (const state of RECORDING_STATES) {
    for (const event of LIFECYCLE_EVENTS) {
      const to = (ALLOWED[state] as Partial<Record<LifecycleEvent, RecordingState>>)[event]
      it(to === undefined ? `refuses that a ${state} recording is ${event}` : `takes a ${state} recording that is ${event} to ${to}`, () => {
        if (to === undefined) expect(() => transition(state, event)).to.throw().and.satisfy((error: unknown) => isHoldfastError(error, 'ILLEGAL_TRANSITION'))
        else expect(transition(state, event)).to.equal(to)
      })
    }

    it(`${LIVE[state] ? 'expects' : 'expects no'} more sound of a ${state} recording`, () => {
      expect(isLive(state)).to.equal(LIVE[state])
    })
  }
})
