import { isHoldfastError } from '../../core/domain/errors.ts'
import type { PbxId } from '../../core/domain/ids.ts'
import type { WantedData } from '../../core/ports/pbx-adapter.ts'
import { type AmiAction, MAX_AMI_LINE_BYTES } from './ami-action.ts'
import { addEventFilter, readSettings, setGlobal } from './ami-actions.ts'
import type { AmiMessage } from './ami-message.ts'
import { KEYS_VARIABLE, PBX_VARIABLE, SIP_HEADERS_VARIABLE } from './dialplan-names.ts'
import { eventFilters, headersValue, keysValue } from './pbx-config.ts'

/** Sends one action of a connection. */
export type Request = (action: AmiAction) => Promise<AmiMessage>

/** Filters that are on their way at once: each is a line of Asterisk's own queue. A guess. */
const FILTERS_AT_ONCE = 50
/** What fits into one line beside `Value: `. */
const MAX_GLOBAL_BYTES = MAX_AMI_LINE_BYTES - 'Value: '.length
/** From which release of each branch `Filter` knows criteria; before it takes them for a pattern over whole events. Source: Asterisk 20.11, 21.6, 22.1 CHANGES, "AMI: event filters" */
const FIRST_WITH_CRITERIA: Readonly<Record<number, number>> = { 20: 11, 21: 6, 22: 1 }

/**
 * Tells the dialplan its PBX's name, and which keys and headers to hand over. Asterisk forgets it at `dialplan reload`, which sets the globals of its file
 * again. @throws HoldfastError as the request
 */
export async function tellGlobals(request: Request, pbxId: PbxId, { keys, headers }: WantedData): Promise<'told' | 'by-hand'> {
  const globals = [[PBX_VARIABLE, pbxId], [KEYS_VARIABLE, keysValue(keys)], [SIP_HEADERS_VARIABLE, headersValue(headers)]] as const
  if (globals.some(([, value]) => Buffer.byteLength(value) > MAX_GLOBAL_BYTES)) return 'by-hand'
  try {
    for (const [name, value] of globals) await request(setGlobal(name, value))
    return 'told'
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return 'by-hand'
    throw error
  }
}

/**
 * Lets everything through to this session that is read, by Asterisk's own filter, beside what manager.conf lets through. All of it:
 * a first filter shuts out whatever no filter names. @throws HoldfastError as the request
 */
export async function widenFilter(request: Request, { keys }: WantedData): Promise<'told' | 'by-hand'> {
  try {
    if (!knowsCriteria((await request(readSettings())).get('AsteriskVersion') ?? '')) return 'by-hand'
    const actions = eventFilters(keys).map(([rule, value]) => addEventFilter(criteriaOf(rule), value))
    for (let sent = 0; sent < actions.length; sent += FILTERS_AT_ONCE) await Promise.all(actions.slice(sent, sent + FILTERS_AT_ONCE).map(request))
    return 'told'
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return 'by-hand'
    throw error
  }
}

/** Whether this release filters by criteria: `22.10.1+dfsg…`. */
export function knowsCriteria(version: string): boolean {
  const [, major, minor] = /^(\d{2})\.(\d+)\./.exec(version) ?? []
  const branch = Number(major)
  if (major === undefined || branch < 20) return false
  return branch > 22 || Number(minor) >= (FIRST_WITH_CRITERIA[branch] ?? Infinity)
}

/** `eventfilter(action(include),name(Hangup))`, as it stands in manager.conf, without its name. */
function criteriaOf(rule: string): string {
  return rule.slice('eventfilter('.length, -1)
}
