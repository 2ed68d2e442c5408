import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { CaptureFact } from '../../../../core/domain/capture-fact.ts'
import { stoppedParts } from '../../../../core/domain/stopped-parts.ts'
import { idAt, recordingFrom, requested, seconds } from '../../../support/recording-facts.ts'
import type { Recording } from '../../../../core/domain/recording.ts'

const GOES_ON = { endedAt: null }

function recording(start: number, end: number | null, { side = 'source' as const, reason = 'stopped-on-demand' as const } = {}): Recording {
  const id = idAt(start)
  const of = (at: number): { readonly recordingId: typeof id; readonly at: Date } => ({ recordingId: id, at: seconds(at) })
  const facts: CaptureFact[] = [
    requested({ id, change: { side } }),
    { type: 'segment-opened', ...of(start), index: 0, channelId: requested({ id }).channelId, files: { received: 'r', transmitted: 't' } },
    { type: 'segment-started', ...of(start), index: 0, recorderId: 'mm' },
  ]
  return recordingFrom(end === null ? facts : [...facts, { type: 'stop-asked', ...of(end), by: 'anna', how: 'api' }, { type: 'recording-stopped', ...of(end), reason }])
}

describe('the stopped parts of a conversation', () => {
  it('last until it is recorded again', () => {
    expect(stoppedParts(GOES_ON, [recording(20, null), recording(0, 10)])).to.deep.equal([{ side: 'source', fromAt: seconds(10), toAt: seconds(20), by: 'anna', how: 'api' }])
  })

  it('last until its end when nobody starts again, and go on while it does', () => {
    expect(stoppedParts({ endedAt: seconds(60) }, [recording(0, 10)]).map(({ toAt }) => toAt)).to.deep.equal([seconds(60)])
    expect(stoppedParts(GOES_ON, [recording(0, 10)]).map(({ toAt }) => toAt)).to.deep.equal([null])
  })

  it('are told side by side, oldest first, each stop by itself', () => {
    const parts = stoppedParts(GOES_ON, [recording(30, 40), recording(10, 20), recording(0, 5), recording(25, 28, { side: 'destination' as 'source' })])
    expect(parts.map(({ side, fromAt, toAt }) => [side, fromAt, toAt])).to.deep.equal([
      ['source', seconds(5), seconds(10)], ['source', seconds(20), seconds(30)], ['destination', seconds(28), null], ['source', seconds(40), null],
    ])
  })

  it('are none where the call ended by itself', () => {
    expect(stoppedParts(GOES_ON, [recording(0, 10, { reason: 'hangup' as 'stopped-on-demand' })])).to.deep.equal([])
  })
})
