import { PROMPT_VARIABLE } from '../lab/freeswitch-lab.ts'

/** Telephones of the demonstration: two customers who call in, two agents who answer. */
export const DEMO_PHONES = { customers: ['customer-1', 'customer-2', 'customer-3'], agents: ['agent-a', 'agent-b', 'agent-c'] } as const

export const DEMO_ATTACHED_KEYS = ['CUSTOMER_TYPE', 'CUSTOMER_ID', 'agent'] as const

/** The routes that an administrator would have, with the lines that Holdfast asks of her. */
export const DEMO_EXTENSIONS = `
[from-customer]
; 100: sales. The caller is told, the customer's side is recorded.
exten => 100,1,Set(record=source)
 same => n,Set(GRECORD_PARTITIONS=/sales)
 same => n,Set(CUSTOMER_TYPE=gold)
 same => n,Set(CUSTOMER_ID=C-1001)
 same => n,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-a,20)
 same => n,Hangup()
; 101: a card number is going to be spoken; the agent pauses.
exten => 101,1,Set(record=source)
 same => n,Set(GRECORD_PARTITIONS=/sales,/payments)
 same => n,Set(CUSTOMER_TYPE=silver)
 same => n,Set(CUSTOMER_ID=C-1002)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-b,20)
 same => n,Hangup()
; 102: the agent's side.
exten => 102,1,Set(record=destination)
 same => n,Set(GRECORD_PARTITIONS=/support/gold)
 same => n,Set(CUSTOMER_ID=C-1003)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-c,20)
 same => n,Hangup()

[from-agent]
`

interface DemoRoute {
  readonly dialled: string
  readonly agent: string
  readonly variables: Readonly<Record<string, string>>
  readonly announced: boolean
}

const ROUTES: readonly DemoRoute[] = [
  { dialled: '100', agent: 'agent-a', variables: { record: 'source', GRECORD_PARTITIONS: '/sales', CUSTOMER_TYPE: 'gold', CUSTOMER_ID: 'C-1001' }, announced: true },
  { dialled: '101', agent: 'agent-b', variables: { record: 'source', GRECORD_PARTITIONS: '/sales,/payments', CUSTOMER_TYPE: 'silver', CUSTOMER_ID: 'C-1002' }, announced: false },
  { dialled: '102', agent: 'agent-c', variables: { record: 'destination', GRECORD_PARTITIONS: '/support/gold', CUSTOMER_ID: 'C-1003' }, announced: false },
]

/** The same routes in FreeSWITCH's words. */
export const DEMO_FREESWITCH_EXTENSIONS = ROUTES.map(({ dialled, agent, variables, announced }) => `<extension name="${agent}"><condition field="destination_number" expression="^${dialled}$">
${Object.entries(variables).map(([name, value]) => `  <action application="set" data="${name}=${value}"/>`).join('\n')}
${announced ? `  <action application="execute_extension" data="announce:prompt=\${${PROMPT_VARIABLE}} XML holdfast"/>` : ''}
  <action application="execute_extension" data="record:direction=inbound XML holdfast"/>
  <action application="set" data="hangup_after_bridge=true"/>
  <action application="bridge" data="\${sofia_contact(internal/${agent}@127.0.0.1)}"/>
</condition></extension>`).join('\n')
