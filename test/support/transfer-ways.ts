import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { FlowCall } from './flow-call.ts'
import type { Extension } from './flow-plan.ts'

/** How agent A hands her customer over to whoever answers an extension. Resolves when the PBX was told. */
export type BlindWay = (flow: FlowCall, a: IncomingCall, target: Extension) => Promise<void>

export const BLIND_WAYS: Readonly<Record<'the manager' | 'a REFER' | 'a feature code', BlindWay>> = {
  'the manager': async (flow, _a, target) => await flow.manage('a', 'BlindTransfer', { Context: 'from-agent', Exten: flow.number(target) }),
  // How it ends is told when the target has answered, which is the flow's own business.
  'a REFER': async (flow, a, target) => await Promise.resolve(void a.transferBlind(flow.number(target)).catch(() => undefined)),
  'a feature code': async (flow, a, target) => await a.dtmf(`#1${flow.number(target)}`),
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
export type AttendedWay = (flow: FlowCall, a: IncomingCall, target: Extension) => Promise<Consultation>

/** The PBX keeps both conversations on A's one leg; she joins them by hanging up. Who does not answer is given up by the PBX. */
function ofThePbx(a: IncomingCall): Consultation {
  return { join: async () => await a.hangUp(), giveUp: async () => await Promise.resolve(), call: null }
}

export const ATTENDED_WAYS: Readonly<Record<'the manager' | 'a REFER with Replaces' | 'a feature code', AttendedWay>> = {
  'the manager': async (flow, a, target) => {
    await flow.manage('a', 'Atxfer', { Context: 'from-agent', Exten: flow.number(target) })
    return ofThePbx(a)
  },
  'a REFER with Replaces': async (flow, a, target) => {
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
  },
  'a feature code': async (flow, a, target) => {
    await a.dtmf(`*2${flow.number(target)}`)
    return ofThePbx(a)
  },
}
