import type { FreeSwitchFlowBench } from './freeswitch-flow-bench.ts'
import { FREESWITCH_CODES } from './freeswitch-flow-plan.ts'
import { blindByRefer, type BlindWay } from './transfer-ways.ts'

/** The same as `BLIND_WAYS` by FreeSWITCH's means. */
export const FREESWITCH_BLIND_WAYS: Readonly<Record<'a REFER' | 'a feature code', BlindWay<FreeSwitchFlowBench>>> = {
  'a REFER': blindByRefer,
  'a feature code': async (flow, a, target) => {
    await a.dtmf(FREESWITCH_CODES.blind)
    await a.dtmf(flow.number(target))
  },
}
