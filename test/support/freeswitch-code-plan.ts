import { CODE_ROUTES, type CodeRoute } from './code-routes.ts'
import { act } from './freeswitch-flow-plan.ts'

/** What FreeSWITCH's lab has none of: its own queue has members that nobody dials from a route. */
export type FreeSwitchCodeRoute = Exclude<CodeRoute, 'queue'>

const holdfast = (words: string): string => act('execute_extension', `${words} XML holdfast`)
const dial = (name: string): string => act('bridge', `\${sofia_contact(internal/${name}-$1@127.0.0.1)}`)
const ask = holdfast('record:direction=inbound')
const toAgent = [holdfast('agents'), dial('agent')]
const ofCase = (name: string): string => act('set', `CASE=${name}`)

const ROUTES: Readonly<Record<Exclude<FreeSwitchCodeRoute, 'meeting'>, readonly string[]>> = {
  both: [ask, ...toAgent],
  unasked: [ofCase('unasked'), ask, ...toAgent],
  route: [act('answer'), ask, act('sleep', '1000'), holdfast('pause:action=pause'), act('sleep', '2000'), holdfast('pause:action=resume'), ...toAgent],
  outbound: [holdfast('agent'), holdfast('record:direction=outbound'), dial('customer')],
  demand: [ofCase('demand'), ask, ...toAgent],
  // It stays between the two: else it would step aside once both talk.
  local: [ask, act('set', 'loopback_bowout=false'), act('export', 'nolocal:loopback_bowout=false'), act('bridge', 'loopback/$1/to-agent/XML')],
  law: [ofCase('law'), ask, ...toAgent],
}

const extension = (name: string, expression: string, actions: readonly string[]): string => `<extension name="${name}"><condition field="destination_number" expression="${expression}">
${actions.join('\n')}</condition></extension>`
/** Codes of her own for the agent alone. */
const MEET = `<extension name="meeting"><condition field="destination_number" expression="^${CODE_ROUTES.meeting}(\\d\\d)$"/><condition field="\${sip_from_user}" expression="^agent-" break="never">
${holdfast('agent')}
<anti-action application="execute_extension" data="record:direction=inbound XML holdfast"/></condition>
<condition field="destination_number" expression="^${CODE_ROUTES.meeting}(\\d\\d)$">${act('conference', '$1@default')}</condition></extension>`

/** The contexts of code-plan.ts in FreeSWITCH's words. */
export const FREESWITCH_CODE_CONTEXTS = {
  extensions: [
    MEET,
    ...Object.entries(ROUTES).map(([name, actions]) => extension(name, `^${CODE_ROUTES[name as CodeRoute]}(\\d\\d)$`, actions)),
  ].join('\n'),
  contexts: { 'to-agent': extension('agent', '^(\\d\\d)$', toAgent) },
}
