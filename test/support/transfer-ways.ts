import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { AsteriskFlowBench } from './asterisk-flow-bench.ts'
import type { FlowBench } from './flow-bench.ts'
import type { FlowCall } from './flow-call.ts'
import type { Extension } from './flow-plan.ts'

/** How agent A hands her customer over to whoever answers an extension. Resolves when the PBX was told. */
export type BlindWay<Bench extends FlowBench = FlowBench> = (flow: FlowCall<Bench>, a: IncomingCall, target: Extension) => Promise<void>

export const BLIND_WAYS: Readonly<Record<'the manager' | 'a REFER' | 'a feature code', BlindWay<AsteriskFlowBench>>> = {
  'the manager': async (flow, _a, target) => await flow.bench.manage(await flow.channel('a'), 'BlindTransfer', { Context: 'from-agent', Exten: flow.number(target) }),
  'a REFER': blindByRefer,
  'a feature code': async (flow, a, target) => await a.dtmf(`#1${flow.number(target)}`),
}

/** How it ends is told when the target has answered, which is the flow's own business. */
export async function blindByRefer(flow: FlowCall, a: IncomingCall, target: Extension): Promise<void> {
  await Promise.resolve(void a.transferBlind(flow.number(target)).catch(() => undefined))
}

/** A consultation that agent A has begun: her customer waits, and the colleague's telephone rings. */
export interface Consultation {
  /** A hands her customer over to the colleague, with whom she has spoken. */
  readonly join: () => Promise<void>
  /** A goes back to her customer; where the PBX does that by itself, nothing. */
  readonly giveUp: () => Promise<void>
  /** A's own call to the colleague, where it is one. */
  readonly call: OutgoingCall | null
}
/** How agent A asks a colleague, before she hands her customer over to her. */
export type AttendedWay<Bench extends FlowBench = FlowBench> = (flow: FlowCall<Bench>, a: IncomingCall, target: Extension) => Promise<Consultation>

/** By her telephone's second line. */
export async function attendedByRefer(flow: FlowCall, a: IncomingCall, target: Extension): Promise<Consultation> {
  await a.hold()
  const call = await flow.dial('a', target)
  return {
    call,
    join: async () => {
      await call.answered()
      await a.transferAttended(call)
    },
    giveUp: async () => {
      await call.hangUp()
      await a.unhold()
    },
  }
}

/** The PBX keeps both conversations on A's one leg; she joins them by hanging up. Who does not answer is given up by the PBX. */
export function ofThePbx(a: IncomingCall): Consultation {
  return { join: async () => await a.hangUp(), giveUp: async () => await Promise.resolve(), call: null }
}

export const ATTENDED_WAYS: Readonly<Record<'the manager' | 'a REFER with Replaces' | 'a feature code', AttendedWay<AsteriskFlowBench>>> = {
  'the manager': async (flow, a, target) => {
    await flow.bench.manage(await flow.channel('a'), 'Atxfer', { Context: 'from-agent', Exten: flow.number(target) })
    return ofThePbx(a)
  },
  'a REFER with Replaces': attendedByRefer,
  'a feature code': async (flow, a, target) => {
    await a.dtmf(`*2${flow.number(target)}`)
    return ofThePbx(a)
  },
}
