import type { FreeSwitchFlowBench } from './freeswitch-flow-bench.ts'
import { FREESWITCH_CODES } from './freeswitch-flow-plan.ts'
import { blindByRefer, type BlindWay } from './transfer-ways.ts'

/** The same as `BLIND_WAYS` by FreeSWITCH's means: the manager has two forms of the command. */
export const FREESWITCH_BLIND_WAYS: Readonly<Record<'the manager' | 'the manager from A\'s leg' | 'a REFER' | 'a feature code', BlindWay<FreeSwitchFlowBench>>> = {
  'the manager': async (flow, _a, target) => void await flow.bench.api(`uuid_transfer ${await flow.channel('customer')} ${flow.number(target)} XML from-agent`),
  'the manager from A\'s leg': async (flow, _a, target) => void await flow.bench.api(`uuid_transfer ${await flow.channel('a')} -bleg ${flow.number(target)} XML from-agent`),
  'a REFER': blindByRefer,
  'a feature code': async (flow, a, target) => {
    await a.dtmf(FREESWITCH_CODES.blind)
    await a.dtmf(flow.number(target))
  },
}
