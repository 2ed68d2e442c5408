import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ALWAYS } from '../../../../../core/domain/rules/condition.ts'
import type { StartedSegment } from '../../../../../core/ports/pbx-adapter.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'
import { actor } from '../paused-calls.ts'

describe('a call that is picked up at another telephone', () => {
  for (const [ringingCall, pickersCall] of [['1.9', '1.10'], ['1.10', '1.9']] as const) {
    it(`is paused in that moment, when it is call ${ringingCall} and the telephone that picks up was call ${pickersCall}`, async () => {
      const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'both', when: ALWAYS, record: 'both' }] }) })
      const { pbx } = bench
      const customer = pbx.call('customer', { callId: ringingCall })
      pbx.asks(customer)
      const picker = pbx.call('agentB', { callId: pickersCall })
      pbx.asks(picker, {}, 'outbound')
      pbx.answers(picker)
      await bench.settled()
      const slow = Promise.withResolvers<void>()
      const start = pbx.startSegment.bind(pbx)
      pbx.startSegment = async (segment): Promise<StartedSegment> => {
        await slow.promise
        return await start(segment)
      }
      const ringing = pbx.dials(customer, 'agentA')
      pbx.picksUp(ringing, picker)
      pbx.enters('bridge', customer, picker)
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      const target = { channel: { pbxId: pbx.pbxId, channelId: picker.channelId } }
      const pausing = bench.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, AbortSignal.timeout(1000))
      slow.resolve()
      const results = await pausing
      expect(results).to.not.deep.equal([])
      expect(results.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([])
      pbx.hangsUp(customer)
      pbx.hangsUp(picker)
      await bench.settled()
      expect(bench.live.all()).to.deep.equal([])
    })
  }
})
