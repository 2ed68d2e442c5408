import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import type { FlowBench } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, type FlowRecording, recordingsOf, sidesOf, staysOf } from '../support/flow-evidence.ts'
import type { Entry, Extension, FlowPbx, RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_BLIND_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { until } from '../support/hooks.ts'
import { attendedByRefer, BLIND_WAYS, type BlindWay, type Consultation } from '../support/transfer-ways.ts'

const TALK_MS = 1200
/** From the link to the last recording that is gone on with, and a new segment for it; a busy machine gets the rest. */
const GONE_ON_WITH_MS = 1500
const TOLD_WITHIN_MS = 10_000

/** A call whose transfer nobody sees. */
interface Unseen {
  readonly flow: FlowCall
  /** A passes her customer on; gives the newcomer's call. */
  readonly transfer: () => ReturnType<FlowCall['answer']>
  readonly hangUp: () => Promise<void>
}

interface Matrix<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly blind: BlindWay<Bench>
  readonly rtp: RtpOrder
}

function unseenTransfers<Bench extends FlowBench>({ pbx, open, blind: pass, rtp }: Matrix<Bench>): void {
  describe(`a transfer that happens while Holdfast is gone, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let blind: readonly FlowRecording[]
    let agents: readonly FlowRecording[]
    let joined: readonly FlowRecording[]

    before(async function () {
      bench = await open(this)
      await using stack = new AsyncDisposableStack()
      const calls = await Promise.all([blindly('source'), blindly('destination'), consulting('asked')])
      for (const { flow } of calls) stack.use(flow)
      await bench.lab.holdfast.kill()
      const talking = await Promise.all(calls.map(async ({ flow, transfer }) => ({ flow, b: await transfer() })))
      await Promise.all(talking.map(({ flow, b }) => flow.talk(b, TALK_MS)))
      await bench.lab.start()
      await Promise.all(talking.map(({ flow, b }) => flow.talk(b, GONE_ON_WITH_MS + TALK_MS)))
      await Promise.all(calls.map(({ hangUp }) => hangUp()))
      const [one, other, third] = calls.map(({ flow }) => flow)
      if (one === undefined || other === undefined || third === undefined) throw new Error('three were begun')
      ;[blind, agents, joined] = await Promise.all([recordingsOf(one, 1), recordingsOf(other, 1), recordingsOf(third, 2)])
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    async function blindly(entry: Entry): Promise<Unseen> {
      const flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin(entry)
      await flow.talk(a, TALK_MS)
      return {
        flow,
        transfer: async () => {
          await pass(flow, a, 'b')
          return await flow.answer('b')
        },
        hangUp: () => customer.hangUp(),
      }
    }

    async function consulting(extension: Extension): Promise<Unseen> {
      const flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin('source')
      await flow.talk(a, TALK_MS)
      const consultation: Consultation = await attendedByRefer(flow, a, extension)
      const b = await flow.answer('b')
      await flow.talk(b, TALK_MS)
      return {
        flow,
        transfer: async () => {
          await consultation.join()
          return b
        },
        hangUp: () => customer.hangUp(),
      }
    }

    it('is followed when it is back: the customer\'s recording goes on, with the newcomer from then on', () => {
      const [recording] = blind
      if (recording === undefined) throw new Error('one was asked for')
      const told = describeRecording(recording)
      expect(recording, told).to.include({ state: 'STORED', reason: 'HANGUP' })
      expect(recording.recorded.order, told).to.equal('customer')
      expect(recording.other.order, told).to.match(/^a (ring )?b$/)
      expect(recording.other.ms('b'), told).to.be.at.least(TALK_MS)
      expect([sidesOf(recording, 'customer'), sidesOf(recording, 'a'), sidesOf(recording, 'b')], told).to.deep.equal([['CUSTOMER'], ['AGENT'], ['AGENT']])
      expect(staysOf(recording, 'b')[0]?.fromMs, told).to.be.at.least(staysOf(recording, 'a')[0]?.toMs ?? Number.POSITIVE_INFINITY)
    })

    it('ends the recording of the agent who left unseen, with what was written of it', () => {
      const [recording] = agents
      if (recording === undefined) throw new Error('one was asked for')
      const told = describeRecording(recording)
      expect(recording, told).to.include({ state: 'STORED', reason: 'ENDED_UNSEEN', agent: endpointOf(recording, 'a') })
      expect([recording.recorded.order, recording.other.order], told).to.deep.equal(['a', 'customer'])
    })

    it('makes one of the interactions that it joined', async () => {
      const told = joined.map(describeRecording).join('\n')
      expect(joined.map(({ side, state, reason }) => `${side} ${state} ${reason ?? ''}`), told).to.deep.equal(['SOURCE STORED HANGUP', 'DESTINATION STORED HANGUP'])
      const [customers, colleagues] = joined
      expect(customers?.interactionId, told).not.to.equal(null)
      const interactions = await Promise.all([customers, colleagues].map(async (recording) => await until(async () => {
        const { interaction } = await bench.lab.client.request<{ readonly interaction: { readonly plainId: string; readonly endedAt: string | null } | null }>('query I($id: ID!) { interaction(id: $id) { plainId endedAt } }', { id: recording?.interactionId })
        if (interaction === null || interaction.endedAt === null) throw new Error('the interaction has not ended')
        return interaction.plainId
      }, { withinMs: TOLD_WITHIN_MS })))
      expect(new Set(interactions), told).to.deep.equal(new Set([customers?.interactionId]))
    })
  })
}

unseenTransfers({ pbx: 'Asterisk', open: () => AsteriskFlowBench.open(), blind: BLIND_WAYS['the manager'], rtp: 'behind' })
unseenTransfers({ pbx: 'FreeSWITCH', open: (context) => FreeSwitchFlowBench.open(context), blind: FREESWITCH_BLIND_WAYS['the manager'], rtp: 'ahead' })
