import { expect } from 'chai'
import { after, before, type Context, describe, it } from 'mocha'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { type FlowBench, FlowOutcomes } from '../support/flow-bench.ts'
import type { FlowCall } from '../support/flow-call.ts'
import { describeRecording, endpointOf, expectPartiesAsHeard, type FlowRecording, recordingsOf, sidesOf } from '../support/flow-evidence.ts'
import type { FlowPbx, RtpOrder } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_ATTENDED_WAYS } from '../support/freeswitch-transfer-ways.ts'
import { until } from '../support/hooks.ts'
import { ATTENDED_WAYS, type AttendedWay } from '../support/transfer-ways.ts'

const TALK_MS = 1500
const PAUSED_MS = 1000
/** Facts reach the catalogue in milliseconds; a busy machine gets the rest. */
const TOLD_WITHIN_MS = 10_000
const AT_ONCE = 4

interface ToldInteraction {
  readonly plainId: string
  readonly endedAt: string | null
  readonly recordings: readonly { readonly plainId: string; readonly state: string }[]
}

interface Outcome {
  readonly recordings: readonly FlowRecording[]
  /** As each recording's own interaction is answered for. */
  readonly interactions: readonly ToldInteraction[]
  readonly paused: readonly string[]
}

const FLOWS = {
  'a consultation by a second line, recorded on the colleague\'s side, and joined': { by: 'a REFER with Replaces', to: 'asked', end: 'joined' },
  'a consultation by a second line, recorded on the asker\'s side, and joined': { by: 'a REFER with Replaces', to: 'asker', end: 'joined' },
  'a consultation by a second line, recorded on the colleague\'s side, and given up': { by: 'a REFER with Replaces', to: 'asked', end: 'given up' },
  'a consultation by the PBX, recorded on the colleague\'s side, and joined': { by: 'a feature code', to: 'asked', end: 'joined' },
} as const
type Flow = keyof typeof FLOWS

/** What of a PBX is played. */
interface Matrix<Bench extends FlowBench> {
  readonly pbx: FlowPbx
  readonly open: (context: Context) => Promise<Bench & AsyncDisposable>
  readonly ways: Readonly<Record<(typeof FLOWS)[Flow]['by'], AttendedWay<Bench>>>
  readonly rtp: RtpOrder
}

function joinedInteractions<Bench extends FlowBench>({ pbx, open, ways, rtp }: Matrix<Bench>): void {
  describe(`interactions of transferred calls, on a real ${pbx}`, () => {
    let bench: Bench & AsyncDisposable
    let outcomes: FlowOutcomes<Outcome>

    before(async function () {
      bench = await open(this)
      const names = Object.keys(FLOWS) as readonly Flow[]
      outcomes = await FlowOutcomes.run(new Map(names.map((name) => [name, () => played(FLOWS[name])])), { atOnce: AT_ONCE })
    })

    after(async () => {
      await bench?.[Symbol.asyncDispose]()
    })

    async function played({ by, to, end }: (typeof FLOWS)[Flow]): Promise<Outcome> {
      await using flow = await bench.flow({ rtp })
      const { customer, a } = await flow.begin('source')
      await flow.talk(a, TALK_MS)
      const consultation = await ways[by](flow, a, to)
      const b = await flow.answer('b')
      await flow.talk(b, TALK_MS)
      if (end === 'joined') await consultation.join()
      else await consultation.giveUp()
      const rest = end === 'joined' ? b : a
      await flow.talk(rest, TALK_MS)
      const paused = await silenced(flow, async () => await flow.talk(rest, PAUSED_MS))
      await flow.talk(rest, TALK_MS)
      await customer.hangUp()
      await rest.ended()
      const recordings = await recordingsOf(flow, 2)
      return { recordings, paused, interactions: await Promise.all(recordings.map(({ interactionId }) => ended(interactionId))) }
    }

    /** Pauses the customer's interaction for as long as that takes; gives the outcomes of its recordings. */
    async function silenced(flow: FlowCall, meanwhile: () => Promise<void>): Promise<readonly string[]> {
      const interactionId = await until(async () => {
        const { activeRecordings } = await bench.lab.client.request<{ readonly activeRecordings: readonly { readonly interaction: { readonly plainId: string } | null; readonly caller: { readonly number: string | null } }[] }>(
          '{ activeRecordings { interaction { plainId } caller { number } } }')
        const found = activeRecordings.find(({ caller }) => caller.number === `customer-${flow.line}`)?.interaction?.plainId
        if (found === undefined) throw new Error('nothing of the customer is being recorded')
        return found
      }, { withinMs: TOLD_WITHIN_MS })
      const outcomesOf = await control('recordingPause', interactionId)
      await meanwhile()
      await control('recordingResume', interactionId)
      return outcomesOf
    }

    async function control(mutation: 'recordingPause' | 'recordingResume', interactionId: string): Promise<readonly string[]> {
      const input = mutation === 'recordingPause' ? 'RecordingPauseInput' : 'RecordingResumeInput'
      const { answer } = await bench.lab.client.request<{ readonly answer: { readonly results: readonly { readonly outcome: string }[] | null; readonly userErrors: readonly { readonly message: string }[] } }>(
        `mutation Control($input: ${input}!) { answer: ${mutation}(input: $input) { results { outcome } userErrors { message } } }`, { input: { interactionId } })
      return answer.results?.map(({ outcome }) => outcome) ?? answer.userErrors.map(({ message }) => message)
    }

    async function ended(id: string | null): Promise<ToldInteraction> {
      return await until(async () => {
        const { interaction } = await bench.lab.client.request<{ readonly interaction: ToldInteraction | null }>('query I($id: ID!) { interaction(id: $id) { plainId endedAt recordings { plainId state } } }', { id })
        if (interaction === null || interaction.endedAt === null) throw new Error(`interaction ${id ?? '?'} has not ended: ${JSON.stringify(interaction)}`)
        return interaction
      }, { withinMs: TOLD_WITHIN_MS })
    }

    for (const [name, { to, end }] of Object.entries(FLOWS)) {
      it(`${end === 'joined' ? 'are one' : 'stay two'} after ${name}`, () => {
        const { recordings, interactions, paused } = outcomes.of(name)
        const told = `${recordings.map(describeRecording).join('\n')}\n${JSON.stringify(interactions)} paused: ${paused.join()}`
        const [customers, colleagues] = recordings
        if (customers === undefined || colleagues === undefined) throw new Error('two were asked for')
        for (const recording of recordings) expectPartiesAsHeard(recording)
        const isOne = end === 'joined'
        expect(new Set(interactions.map(({ plainId }) => plainId)).size, told).to.equal(isOne ? 1 : 2)
        expect(interactions.map((interaction) => interaction.recordings.length), told).to.deep.equal(isOne ? [2, 2] : [1, 1])
        expect(interactions[0]?.plainId, told).to.equal(customers.interactionId)
        expect(customers.other.order, told).to.equal(isOne ? 'a music b' : 'a music a')
        // Of a colleague who was asked, what she says with the customer is her conversation; the asker has left.
        expect(colleagues.reason, told).to.equal(to === 'asker' ? 'AGENT_LEFT' : 'HANGUP')
        expect(colleagues.agent, told).to.equal(endpointOf(colleagues, to === 'asker' ? 'a' : 'b'))
        const heard = to === 'asker' ? ['a', 'b'] : ['b', isOne ? 'a customer' : 'a']
        // The PBX sounds a beep to a colleague when it joins her with the customer.
        expect([colleagues.recorded.order, colleagues.other.order.replaceAll(/ ?\b(ring|other)\b/g, '')], told).to.deep.equal(heard)
        // Where a leg within the PBX is taken out between them, she leaves one bridge and joins the next.
      expect([...new Set(sidesOf(colleagues, 'customer'))], told).to.deep.equal(to === 'asked' && isOne ? ['CUSTOMER'] : [])
        expect(paused, told).to.deep.equal(isOne && to === 'asked' ? ['DONE', 'DONE'] : ['DONE'])
      })
    }
  })
}

joinedInteractions({ pbx: 'Asterisk', open: () => AsteriskFlowBench.open(), ways: ATTENDED_WAYS, rtp: 'behind' })
joinedInteractions({ pbx: 'FreeSWITCH', open: (context) => FreeSwitchFlowBench.open(context), ways: FREESWITCH_ATTENDED_WAYS, rtp: 'ahead' })
