import type { FreeSwitchFlowBench } from './freeswitch-flow-bench.ts'
import { FREESWITCH_CODES } from './freeswitch-flow-plan.ts'
import { attendedByRefer, type AttendedWay, blindByRefer, type BlindWay, ofThePbx } from './transfer-ways.ts'

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

/** The same as `ATTENDED_WAYS`. By `uuid_bridge` a program joins the two whom A has spoken with, after she has called both. */
export const FREESWITCH_ATTENDED_WAYS: Readonly<Record<'the manager' | 'a REFER with Replaces' | 'a feature code' | 'uuid_bridge', AttendedWay<FreeSwitchFlowBench>>> = {
  'the manager': async (flow, a, target) => {
    await flow.bench.api(`uuid_broadcast ${await flow.channel('a')} 'execute_extension::ask.${flow.number(target)} XML features' aleg`)
    return ofThePbx(a)
  },
  'a REFER with Replaces': attendedByRefer,
  'a feature code': async (flow, a, target) => {
    await a.dtmf(FREESWITCH_CODES.attended)
    await a.dtmf(flow.number(target))
    return ofThePbx(a)
  },
  uuid_bridge: async (flow, a, target) => {
    const { call, giveUp } = await attendedByRefer(flow, a, target)
    return { call, giveUp, join: async () => void await flow.bench.api(`uuid_bridge ${await flow.channel('customer')} ${await flow.channel('b')}`) }
  },
}
