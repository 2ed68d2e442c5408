import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { ALWAYS } from '../../../../../core/domain/rules/condition.ts'
import type { StartedSegment } from '../../../../../core/ports/pbx-adapter.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'
import { runs } from '../../../../support/property-runs.ts'
import { actor } from '../paused-calls.ts'

/** What Asterisk tells of a pick-up: it is carried out between threads, and each tells of its own. Source: Asterisk 22 main/pickup.c, ast_do_pickup() */
const STEPS = ['the picker answers', 'the customer is answered', 'the picker is connected', 'the customer is connected', 'it is picked up'] as const

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

  for (const side of ['source', 'destination'] as const) {
    it(`has both among its parties, in whatever order that is told and worked on, ${side}`, async () => {
      await fc.assert(fc.asyncProperty(fc.shuffledSubarray([...STEPS], { minLength: STEPS.length }), fc.subarray([...STEPS]), fc.boolean(), async (order, settledAfter, isSlow) => {
        const bench = await CaptureBench.open()
        const { pbx } = bench
        const customer = pbx.call('customer')
        pbx.asks(customer, { record: side })
        const picker = pbx.call('agentB', { callId: '7.7' })
        await bench.settled()
        const begins = Promise.withResolvers<void>()
        const start = pbx.startSegment.bind(pbx)
        pbx.startSegment = async (segment): Promise<StartedSegment> => {
          await begins.promise
          return await start(segment)
        }
        if (!isSlow) begins.resolve()
        const ringing = pbx.dials(customer, 'agentA')
        const steps: Readonly<Record<(typeof STEPS)[number], () => void>> = {
          'the picker answers': () => pbx.after(1).answers(picker),
          'the customer is answered': () => pbx.after(1).answers(customer),
          // By then it is a leg of the customer's call.
          'the picker is connected': () => pbx.after(1).enters('bridge', { ...picker, callId: customer.callId }),
          'the customer is connected': () => pbx.after(1).enters('bridge', customer),
          'it is picked up': () => pbx.after(1).picksUp(ringing, picker),
        }
        for (const step of order) {
          steps[step]()
          if (settledAfter.includes(step) && !isSlow) await bench.settled()
        }
        begins.resolve()
        await bench.settled()
        pbx.after(1).hangsUp(ringing)
        await bench.settled()
        const recordings = bench.live.all()
        expect(recordings.map((recording) => recording.side)).to.deep.equal([side])
        expect(recordings.flatMap(({ parties }) => parties.map((party) => `${party.side} ${party.endpoint ?? ''}`))).to.have.members(['customer PJSIP/customer', 'agent PJSIP/agentB'])
      }), runs(1000))
    })
  }
})
