import { describe, it } from 'mocha'
import { expect } from 'chai'
import { segmentClock } from '../../../../core/ingest/segment-clock.ts'

const day = Date.UTC(2026, 0, 1)
const at = (ms: number): Date => new Date(day + ms)

describe('segmentClock', () => {
  const cases = [
    { name: 'a file as long as its call', answered: 0, file: 10_000, clock: { began: 0, drift: 0, earlier: 0, later: 0 } },
    { name: 'a file that begins with the answer', answered: 4000, file: 6000, clock: { began: 4000, drift: 0, earlier: 0, later: 0 } },
    { name: 'a file that lost two seconds', answered: 4000, file: 4000, clock: { began: 4000, drift: 2000, earlier: 2000, later: 0 } },
    { name: 'a file with all of the ringing', answered: 4000, file: 10_000, clock: { began: 0, drift: 0, earlier: 0, later: 0 } },
    { name: 'a file with some of the ringing', answered: 4000, file: 8000, clock: { began: 2000, drift: 0, earlier: 0, later: 2000 } },
    { name: 'a file longer than there was time', answered: 4000, file: 10_100, clock: { began: 0, drift: -100, earlier: 0, later: 100 } },
    { name: 'a file that is one frame longer than its call', answered: 0, file: 10_020, clock: { began: 0, drift: -20, earlier: 0, later: 0 } },
    { name: 'a file of a call that nobody answered', answered: null, file: 3000, clock: { began: 0, drift: 7000, earlier: 7000, later: 0 } },
  ]
  for (const { name, answered, file, clock } of cases) {
    it(name, () => {
      const { beganMs, driftMs, earlierMs, laterMs } = segmentClock({ startedAt: at(0), answeredAt: answered === null ? null : at(answered) }, at(10_000), file)
      expect({ began: beganMs - day, drift: driftMs, earlier: earlierMs, later: laterMs }).to.deep.equal(clock)
    })
  }
})
