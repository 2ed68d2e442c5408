import { PROMPT_VARIABLE } from '../../cli/lab/freeswitch-lab.ts'
import type { FreeSwitchLabBenchOptions } from './freeswitch-lab-bench.ts'
import type { LabBenchOptions } from './lab-bench.ts'

/** Two digits that name a customer, her agent, and what she dials. Each call of a suite has its own. */
const LINES = Array.from({ length: 40 }, (_, index) => String(index + 10))

/**
 * What the first digit of an extension means. All of them ask Holdfast, and all but `announced` do it before anything is answered.
 * `unwanted`: the dialplan leaves the decision to the rules, and the rules say no.
 */
export const FIRST_DIGITS = { source: '1', destination: '2', unwanted: '3', announced: '4' } as const
export type CallKind = keyof typeof FIRST_DIGITS

const EXTENSIONS = `
[from-customer]
exten => _1XX,1,Set(record=source)
 same => n,Goto(route,\${EXTEN},1)
exten => _2XX,1,Set(record=destination)
 same => n,Goto(route,\${EXTEN},1)
exten => _3XX,1,Goto(route,\${EXTEN},1)
exten => _4XX,1,Set(record=source)
 same => n,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Goto(route,\${EXTEN},1)
[route]
exten => _XXX,1,Set(GRECORD_PARTITIONS=/sales,/support/gold)
 same => n,Set(CUSTOMER_ID=C-\${EXTEN})
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${EXTEN:1},20)
 same => n,Hangup()
[from-agent]
`

/** A lab for many calls at once, none of which is like another. */
export const NUMBER_PLAN: LabBenchOptions = {
  extensions: EXTENSIONS,
  phones: LINES.flatMap((line) => [{ name: customerOf(line), context: 'from-customer' }, { name: agentOf(line), context: 'from-agent' }]),
  attachedKeys: ['CUSTOMER_ID'],
}

const route = (digit: string, before: string): string => `<extension name="kind-${digit}"><condition field="destination_number" expression="^${digit}(\\d\\d)$">
${before}
<action application="set" data="GRECORD_PARTITIONS=/sales,/support/gold"/>
<action application="set" data="CUSTOMER_ID=C-${digit}$1"/>
<action application="execute_extension" data="record:direction=inbound XML holdfast"/>
<action application="execute_extension" data="agents XML holdfast"/>
<action application="bridge" data="\${sofia_contact(internal/agent-$1@127.0.0.1)}"/></condition></extension>`
const record = (side: string): string => `<action application="set" data="record=${side}"/>`

/** The same plan in FreeSWITCH's words. */
export const FREESWITCH_NUMBER_PLAN: Omit<FreeSwitchLabBenchOptions, 'places'> = {
  extensions: [
    route(FIRST_DIGITS.source, record('source')),
    route(FIRST_DIGITS.destination, record('destination')),
    route(FIRST_DIGITS.unwanted, ''),
    route(FIRST_DIGITS.announced, `${record('source')}<action application="execute_extension" data="announce:prompt=\${${PROMPT_VARIABLE}} XML holdfast"/>`),
  ].join('\n'),
  phones: LINES.flatMap((line) => [customerOf(line), agentOf(line)]),
  attachedKeys: ['CUSTOMER_ID'],
}

export function customerOf(line: string): string {
  return `customer-${line}`
}

export function agentOf(line: string): string {
  return `agent-${line}`
}

/** Hands out lines, each once. */
export class FreeLines {
  readonly #lines = [...LINES]

  take(): string {
    const line = this.#lines.shift()
    if (line === undefined) throw new Error('more calls than telephones')
    return line
  }
}
