import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
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
