import type { Direction } from '../../core/domain/call.ts'
import { ENTRIES, EXTENSIONS, FLOW_LINES, FLOW_TONES, PARTIES, type Party, telephoneOf } from './flow-plan.ts'
import type { FreeSwitchLabBenchOptions } from './freeswitch-lab-bench.ts'

/** What agents press for a transfer: the PBX then listens for the number. */
export const FREESWITCH_CODES = { blind: '*1', attended: '*4' } as const

export interface FreeSwitchFlowPlanOptions {
  /** More extensions of a context; they stand before the common ones. */
  readonly extensions?: Readonly<Partial<Record<'from-customer' | 'from-agent', string>>>
  readonly attachedKeys?: readonly string[]
  readonly settings?: Readonly<Record<string, unknown>>
  readonly as?: FreeSwitchLabBenchOptions['as']
}

/** One action of an extension. */
export const act = (application: string, data = ''): string => `<action application="${application}" data="${data}"/>`
/** An extension of its own for a number of two or more digits, whose last two name the line. */
export function flowExtension(digit: string, ...actions: readonly string[]): string {
  return `<extension name="digit-${digit}"><condition field="destination_number" expression="^${digit}(\\d\\d)$">\n${actions.join('\n')}\n</condition></extension>`
}
export function flowDialString(party: Party, line = '$1'): string {
  return `\${sofia_contact(internal/${telephoneOf(party, line)}@127.0.0.1)}`
}
export const ask = (side: 'source' | 'destination', direction: Direction): string => [act('set', `record=${side}`), act('execute_extension', `record:direction=${direction} XML holdfast`)].join('\n')
export const dial = (...parties: readonly Party[]): string => act('bridge', parties.map((party) => flowDialString(party)).join(','))
/** Who is passed on hears it ring; who has not been answered yet is told so by her own telephone. */
const RINGING = act('set', `transfer_ringback=tone_stream://%(1000,2000,${FLOW_TONES.ring});loops=-1`)
/** Whoever is passed on, by whatever means, dials as agents do; agents have the codes. */
export const PASSABLE = [
  act('export', 'force_transfer_context=from-agent'), RINGING,
  act('bind_meta_app', `${FREESWITCH_CODES.blind.slice(1)} b s execute_extension::blind XML features`),
  act('bind_meta_app', `${FREESWITCH_CODES.attended.slice(1)} b s execute_extension::attended XML features`),
].join('\n')

const FROM_CUSTOMER = (['source', 'destination'] as const).map((side) => flowExtension(ENTRIES[side], act('set', 'CUSTOMER_ID=C-$1'), PASSABLE, ask(side, 'inbound'), dial('a')))
/** A hunt group: music for a second, then B and C ring together, and there is music until one answers. */
const HUNT = [act('answer'), act('playback', `tone_stream://%(1000,0,${FLOW_TONES.music})`), act('set', `transfer_ringback=tone_stream://%(1000,0,${FLOW_TONES.music});loops=-1`), dial('b', 'c')].join('\n')
const HUNTED = ([['queueSource', 'source'], ['queueDestination', 'destination']] as const).map(([name, side]) => flowExtension(ENTRIES[name], ask(side, 'inbound'), HUNT))
const UNRECORDED = flowExtension(ENTRIES.unrecorded, PASSABLE, dial('a'))

const FROM_AGENT = [
  ...(['a', 'b', 'c', 'customer'] as const).map((party) => flowExtension(EXTENSIONS[party], RINGING, dial(party))),
  flowExtension(EXTENSIONS.again, RINGING, ask('destination', 'inbound'), dial('b')),
  flowExtension(EXTENSIONS.queue, HUNT),
  flowExtension(EXTENSIONS.queueAgain, ask('destination', 'inbound'), HUNT),
  flowExtension(EXTENSIONS.asker, ask('source', 'internal'), dial('b')),
  flowExtension(EXTENSIONS.asked, ask('destination', 'internal'), dial('b')),
]

/** A colleague who does not answer is given up. */
const NO_ANSWER_SECONDS = 3

/** What a code runs on the agent's leg. Source: FreeSWITCH 1.10 `conf/vanilla/dialplan/features.xml` */
const FEATURES = `
<extension name="blind"><condition field="destination_number" expression="^blind$">
${act('read', '3 3 silence_stream://5000 digits 5000 #')}
${act('transfer', '-bleg ${digits} XML from-agent')}
</condition></extension>
<extension name="attended"><condition field="destination_number" expression="^attended$">
${act('read', '3 3 silence_stream://5000 digits 5000 #')}
${act('execute_extension', 'ask.${digits} XML features')}
</condition></extension>
<extension name="ask"><condition field="destination_number" expression="^ask\\.${EXTENSIONS.b}(\\d\\d)$">
${act('att_xfer', `[leg_timeout=${NO_ANSWER_SECONDS}]${flowDialString('b')}`)}
</condition></extension>
<extension name="ask-route"><condition field="destination_number" expression="^ask\\.(\\d+)$">
${act('att_xfer', 'loopback/$1/from-agent/XML')}
</condition></extension>`

const entry = (name: string, from: string, context: string): string => `<extension name="${name}"><condition field="\${sip_from_user}" expression="${from}"/>
<condition field="destination_number" expression="^(.*)$">${act('transfer', `$1 XML ${context}`)}</condition></extension>`

/** The common plan in FreeSWITCH's words. */
export function freeSwitchFlowLab({ extensions = {}, attachedKeys = [], settings, as }: FreeSwitchFlowPlanOptions): Omit<FreeSwitchLabBenchOptions, 'places'> {
  return {
    extensions: [entry('customers', '^customer-', 'from-customer'), entry('agents', '^[abc]-', 'from-agent')].join('\n'),
    contexts: {
      'from-customer': [extensions['from-customer'] ?? '', ...FROM_CUSTOMER, ...HUNTED, UNRECORDED].join('\n'),
      'from-agent': [extensions['from-agent'] ?? '', ...FROM_AGENT].join('\n'),
      features: FEATURES,
    },
    phones: FLOW_LINES.flatMap((line) => PARTIES.map((party) => telephoneOf(party, line))),
    attachedKeys: [...new Set(['CUSTOMER_ID', ...attachedKeys])],
    ...settings === undefined ? {} : { settings },
    ...as === undefined ? {} : { as },
  }
}
