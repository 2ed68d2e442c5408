import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ATTACHED_KINDS, CHANGED_KEY, CHANGED_VALUE } from './pbx-subject.ts'
import { COLLEAGUE } from './real-subject.ts'

const ROOT = join(import.meta.dirname, '../../..')
export const HOLDFAST_CONF = join(ROOT, 'dialplan/asterisk/holdfast.conf')
export const FEATURES = readFileSync(join(ROOT, 'dialplan/asterisk/holdfast-features.conf'), 'utf8')
export const ROUTES = { nothing: 'plain', 'every kind': 'kinds' } as const
export const QUEUES = '[sales]\nstrategy = ringall\nmember => PJSIP/agent,0,agent\n'
/** LONG is doubled up to its length: no line of a dialplan could hold it. */
const LONG_PIECE = ATTACHED_KINDS.LONG.slice(0, ATTACHED_KINDS.LONG.length / 512)
const EIGHT_TIMES = '${P}'.repeat(8)

/** Holdfast is asked by two routes; a third is for the colleague to whom calls are passed on. */
export function contractExtensions(): string {
  const kinds = Object.entries(ATTACHED_KINDS).filter(([key]) => key !== 'LONG')
  return `
[calls]
exten => ${ROUTES.nothing},1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20,b(holdfast-agent^s^1))
 same => n,Hangup()
exten => ${ROUTES['every kind']},1,Set(P=${decoded(LONG_PIECE)})
 same => n,Set(P=${EIGHT_TIMES})
 same => n,Set(P=${EIGHT_TIMES})
 same => n,Set(LONG=${EIGHT_TIMES})
${kinds.map(([key, value]) => ` same => n,Set(${key}=${decoded(value)})`).join('\n')}
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Set(__${CHANGED_KEY}=${decoded(CHANGED_VALUE)})
 same => n,Dial(PJSIP/agent,20,b(holdfast-agent^s^1))
 same => n,Hangup()
exten => ${COLLEAGUE},1,Dial(PJSIP/${COLLEAGUE},20)
 same => n,Hangup()
`
}

/** Every byte written by its number: nothing in it means anything to a dialplan. */
function decoded(value: string): string {
  return `\${URIDECODE(${[...Buffer.from(value)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')})}`
}
