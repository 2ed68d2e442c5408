import { expect } from 'chai'
import { describe, it } from 'mocha'
import { tone } from '../../../../adapters/phone/audio-source.ts'
import { endpointOf, expectPartiesAsHeard, type FlowRecording, Lane } from '../../../support/flow-evidence.ts'
import { FLOW_TONES } from '../../../support/flow-plan.ts'

const BEGAN_AT = Date.parse('2026-01-01T10:00:00Z')
const HEARD_MS = 3000
const at = (ms: number): string => new Date(BEGAN_AT + ms).toISOString()

/** The customer is heard from the first to the last instant, and is told as a party in these spans. */
function heardThroughout(...stays: readonly (readonly [fromMs: number, toMs: number])[]): FlowRecording {
  const line = '10'
  const endpoint = endpointOf({ pbx: 'Asterisk', line }, 'customer')
  return {
    id: '1', pbx: 'Asterisk', line, interactionId: null, state: 'STORED', reason: 'HANGUP', side: 'DESTINATION', origin: 'CONTROLLED', agent: null, queue: null, channelId: '1.2', callee: { number: null }, decision: { rule: 'all' },
    startedAt: at(0), endedAt: at(HEARD_MS), segments: [], transfers: [], announcement: null, media: { beganAt: at(0), durationMs: HEARD_MS }, findings: [],
    parties: stays.map(([fromMs, toMs]) => ({ side: 'CUSTOMER', channelId: '1.1', endpoint, fromAt: at(fromMs), toAt: at(toMs) })),
    recorded: new Lane(new Int16Array()),
    other: new Lane(tone(FLOW_TONES.customer).read(0, HEARD_MS * 8)),
  }
}

describe('who is told as a party of a flow', () => {
  it('is so while she is heard, also where she leaves one bridge and joins the next in the same instant, or soon after', () => {
    expectPartiesAsHeard(heardThroughout([0, 3000]))
    expectPartiesAsHeard(heardThroughout([0, 1000], [1000, 3000]))
    expectPartiesAsHeard(heardThroughout([0, 1000], [1100, 2000], [2000, 3000]))
  })

  it('may be told for less time than she is heard where the PBX wrote more than the time that passed, by so much and no more', () => {
    const late = (calledMs: number): FlowRecording => ({ ...heardThroughout([0, calledMs]), endedAt: at(calledMs), findings: [{ code: 'DRIFT' }] })
    expectPartiesAsHeard(late(2000))
    for (const recording of [{ ...late(2000), findings: [] }, { ...late(2000), parties: heardThroughout([0, 1000]).parties }]) {
      expect(() => {
        expectPartiesAsHeard(recording)
      }).to.throw('customer is heard from 0 to 3000 ms, and is no party then')
    }
  })

  it('is not believed where she is heard without being told as one', () => {
    for (const stays of [[[0, 1000]], [[2000, 3000]], [[0, 1000], [2000, 3000]]] as const) {
      expect(() => {
        expectPartiesAsHeard(heardThroughout(...stays))
      }).to.throw('customer is heard from 0 to 3000 ms, and is no party then')
    }
  })
})
