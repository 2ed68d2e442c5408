import type { LabBenchOptions } from './lab-bench.ts'

/** Customers call 100, and the agent's telephone rings: the lab of a test that asks for no more of its dialplan. */
export const PLAIN_CALL_LAB = {
  extensions: `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()
[from-agent]
`,
  phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }],
  attachedKeys: [],
} as const satisfies LabBenchOptions
