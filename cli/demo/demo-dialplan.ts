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
