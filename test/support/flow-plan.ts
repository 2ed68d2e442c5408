import { MUSIC_ON_HOLD_HZ, RINGBACK_HZ } from '../../cli/lab/asterisk-files.ts'
import type { LabBenchOptions } from './lab-bench.ts'

export const FLOW_PBXS = ['Asterisk', 'FreeSWITCH'] as const
/** On which the matrix of flows is played. */
export type FlowPbx = (typeof FLOW_PBXS)[number]

/** Who may take part in one flow: a customer, the agent whom she reaches, and two more telephones of the company. */
export const PARTIES = ['customer', 'a', 'b', 'c'] as const
export type Party = (typeof PARTIES)[number]

/** What each of them sounds, and what the PBX sounds by itself: all of them are told apart in one window of 20 ms. */
export const FLOW_TONES = { customer: 440, a: 1000, b: 1700, c: 2300, ring: RINGBACK_HZ, music: MUSIC_ON_HOLD_HZ } as const

export const RTP_ORDERS = ['ahead', 'behind'] as const
/** Whether the RTP numbers of whoever comes later lie ahead of or behind those of whoever was there before: what Debian's Asterisk stumbles over. */
export type RtpOrder = (typeof RTP_ORDERS)[number]

/** Of the first packet of each party. Neighbours are less than 32768 apart, so that ahead and behind mean what they say. Source: RFC 3550 §A.1 */
export const RTP_NUMBERS: Readonly<Record<RtpOrder, Readonly<Record<Party, number>>>> = {
  ahead: { customer: 1000, a: 1000, b: 11_000, c: 21_000 },
  behind: { customer: 1000, a: 60_000, b: 50_000, c: 40_000 },
}

/** Two digits that name the telephones of one flow, and end each number that it dials. */
export const FLOW_LINES = Array.from({ length: 80 }, (_, index) => String(index + 10))

/** What a customer dials, by its first digit: she reaches agent A, or the queue in which B and C ring together. */
export const ENTRIES = { source: '1', destination: '2', unrecorded: '3', queueSource: '4', queueDestination: '5' } as const
export type Entry = keyof typeof ENTRIES

/**
 * What agents dial, and where calls are transferred to, by the first digit. `again`: the route asks for a recording of the agent's
 * side and dials B; `queue`: B and C ring together; `queueAgain`: the same, asked for again; `asker`: a call among colleagues to B,
 * recorded on the side of whoever dials; `asked`: the same, recorded on B's.
 */
export const EXTENSIONS = { a: '1', b: '2', c: '3', customer: '4', again: '5', queue: '6', queueAgain: '7', asker: '8', asked: '9' } as const
export type Extension = keyof typeof EXTENSIONS

const DIALPLAN = `
[from-customer]
exten => _${ENTRIES.source}XX,1,Set(record=source)
 same => n,Goto(route,\${EXTEN},1)
exten => _${ENTRIES.destination}XX,1,Set(record=destination)
 same => n,Goto(route,\${EXTEN},1)
exten => _${ENTRIES.queueSource}XX,1,Set(record=source)
 same => n,Goto(route-queue,\${EXTEN},1)
exten => _${ENTRIES.queueDestination}XX,1,Set(record=destination)
 same => n,Goto(route-queue,\${EXTEN},1)
exten => _${ENTRIES.unrecorded}XX,1,Dial(PJSIP/a-\${EXTEN:1},30,tT)
[route]
exten => _XXX,1,Set(CUSTOMER_ID=C-\${EXTEN:1})
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/a-\${EXTEN:1},30,tT)
 same => n,Hangup()
[route-queue]
exten => _XXX,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Answer()
 same => n,Queue(team-\${EXTEN:1},tT,,,60)
 same => n,Hangup()
[from-agent]
exten => _${EXTENSIONS.a}XX,1,Dial(PJSIP/a-\${EXTEN:1},30,tT)
exten => _${EXTENSIONS.b}XX,1,Dial(PJSIP/b-\${EXTEN:1},30,tT)
exten => _${EXTENSIONS.c}XX,1,Dial(PJSIP/c-\${EXTEN:1},30,tT)
exten => _${EXTENSIONS.customer}XX,1,Dial(PJSIP/customer-\${EXTEN:1},30,tT)
exten => _${EXTENSIONS.again}XX,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/b-\${EXTEN:1},30,tT)
 same => n,Hangup()
exten => _${EXTENSIONS.queue}XX,1,Queue(team-\${EXTEN:1},tT,,,60)
 same => n,Hangup()
exten => _${EXTENSIONS.queueAgain}XX,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Queue(team-\${EXTEN:1},tT,,,60)
 same => n,Hangup()
exten => _${EXTENSIONS.asker}XX,1,Set(record=source)
 same => n,Goto(among-colleagues,\${EXTEN},1)
exten => _${EXTENSIONS.asked}XX,1,Set(record=destination)
 same => n,Goto(among-colleagues,\${EXTEN},1)
[among-colleagues]
exten => _XXX,1,Gosub(holdfast-record,s,1(direction=internal))
 same => n,Dial(PJSIP/b-\${EXTEN:1},30,tT)
 same => n,Hangup()
`

/** Rings both members at once; who talks is not rung, and whoever hangs up is rung a second later. */
const QUEUES = FLOW_LINES.map((line) => `[team-${line}]
strategy = ringall
timeout = 20
retry = 1
ringinuse = no
autopause = no
member => PJSIP/b-${line}
member => PJSIP/c-${line}
`).join('')

export const FLOW_AMI_USER = 'flows'

/** What a suite of flows adds to the common plan. */
export interface FlowPlanOptions extends Partial<Pick<LabBenchOptions, 'append' | 'settings' | 'attachedKeys' | 'as'>> {
  /** More contexts; `[from-customer]` and `[from-agent]` may stand in them again. */
  readonly extensions?: string
}

/** A lab for many flows at once, none of which is like another. The second manager is the tests' own: Holdfast's rights stay what they are. */
export function flowLab({ extensions = '', append = {}, settings, attachedKeys = [], as }: FlowPlanOptions, secret: string): LabBenchOptions {
  const added: Readonly<Record<string, string>> = {
    'queues.conf': QUEUES,
    'manager.conf': `[${FLOW_AMI_USER}]\nsecret = ${secret}\nread = call,agent\nwrite = system,call,originate,agent\n`,
  }
  const files = [...new Set([...Object.keys(added), ...Object.keys(append)])]
  return {
    extensions: `${DIALPLAN}\n${merged(extensions)}`,
    phones: FLOW_LINES.flatMap((line) => PARTIES.map((party) => ({ name: telephoneOf(party, line), context: party === 'customer' ? 'from-customer' : 'from-agent' }))),
    attachedKeys: [...new Set(['CUSTOMER_ID', ...attachedKeys])],
    append: Object.fromEntries(files.map((file) => [file, `${added[file] ?? ''}\n${append[file] ?? ''}`])),
    ...settings === undefined ? {} : { settings },
    ...as === undefined ? {} : { as },
  }
}

/** Asterisk adds what a context holds to the one of this name when it is told so. Source: Asterisk 22 configs/samples/extensions.conf, `[name](+)` */
function merged(extensions: string): string {
  return extensions.replaceAll(/^\[(from-customer|from-agent|route)\]/gm, '[$1](+)')
}

/** The name of a telephone, which is its number, too. */
export function telephoneOf(party: Party, line: string): string {
  return `${party}-${line}`
}

const ENDPOINTS: Readonly<Record<FlowPbx, (telephone: string) => string>> = {
  Asterisk: (telephone) => `PJSIP/${telephone}`,
  FreeSWITCH: (telephone) => `internal/${telephone}@127.0.0.1`,
}

/** What the PBX calls the telephone. */
export function endpointNamed(pbx: FlowPbx, telephone: string): string {
  return ENDPOINTS[pbx](telephone)
}
