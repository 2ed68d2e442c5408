import { PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import { guardedField } from '../wire/line-guard.ts'
import { EVENT_CLASSES } from './ami-actions.ts'
import { EVENT_MAPPINGS, VARIABLE_FORMS } from './ami-events.ts'
import { BOOT_EVENT } from './boot-report.ts'
import { CLI_VARIABLE, KEYS_VARIABLE, SIP_HEADERS_VARIABLE, SPOOL_VARIABLE, USER_EVENT_PREFIX } from './dialplan-names.ts'

/** One line `key = value` of an Asterisk configuration file. A key may stand more than once. */
export type ConfigLine = readonly [key: string, value: string]

/** What the snippets are made for. */
export interface AsteriskConfigOptions {
  readonly ami: { readonly username: string; readonly secret: string; /** The address that we connect from, as Asterisk sees it. */ readonly from: string }
  /** `null` where the spool is a shared directory. */
  readonly ari: { readonly username: string; readonly password: string } | null
  readonly recordingDirectory: string
  /** Besides `record` and `GRECORD_PARTITIONS`. */
  readonly attachedKeys: readonly string[]
  /** SIP headers that are read, and the key that each fills. */
  readonly sipHeaders: ReadonlyMap<string, string>
}

/** Sections to paste, by the file that they belong to. */
export interface AsteriskConfigSnippets {
  readonly 'manager.conf': string
  readonly 'ari.conf': string | null
  readonly 'extensions.conf': string
}

/** Longest value that is written into a configuration file. A guess: Asterisk reads lines of 8 KB. */
const MAX_VALUE_BYTES = 1_000
/**
 * Rights to send: `system` starts MixMonitor and reads AstDB, `call` stops and mutes it and sets variables.
 * `system` is as good as root on the PBX: MixMonitor could be given a shell command. We never send one.
 */
export const WRITE_CLASSES = ['system', 'call'] as const

/** Where packages put Asterisk. Its console needs the right to its control socket, which Asterisk's own user has. */
const CONSOLE = '/usr/sbin/asterisk'

/** By the address that we connect from. */
const LOOPBACKS = [
  { sources: /^127\./, address: '127.0.0.1' },
  { sources: /^::1(?:\/|$)/, address: '::1' },
] as const
const NETWORK_WARNING = `; ATTENTION: the manager is open to the network here, and who logs in as this user is as good as root on the PBX.
;   bindaddr = <one address of the inner network>, never 0.0.0.0 or ::, and a firewall before its port;
;   tlsenable = yes, with a certificate: without TLS, secret and callers' data cross the network in the clear.
`

/**
 * What an administrator adds to the PBX, with the least rights and with nothing sent that is not read.
 * @throws HoldfastError `FIELD_REFUSED` for a value that would begin another line
 */
export function asteriskConfigSnippets(options: AsteriskConfigOptions): AsteriskConfigSnippets {
  const { ami, ari } = options
  const manager = [['secret', ami.secret], ...managerRights(ami.from), ...eventFilters(options.attachedKeys)] as const
  const user = ari === null ? null : section(ari.username, [['type', 'user'], ['read_only', 'no'], ['password', ari.password]])
  return {
    'manager.conf': `; in [general]:\n${lines([['enabled', 'yes'], ['timestampevents', 'yes']])}${boundTo(ami.from)}\n${section(ami.username, manager)}`,
    'ari.conf': user,
    'extensions.conf': `; in [globals]:\n${lines(globals(options))}`,
  }
}

/** Everything of a user's section but the secret and the filters. */
export function managerRights(from: string): readonly ConfigLine[] {
  return [
    // Each family has to be refused by itself. Source: Asterisk 22 main/acl.c, `ast_apply_ha`
    ['deny', '0.0.0.0/0.0.0.0'],
    ['deny', '::/0'],
    ['permit', from],
    ['read', EVENT_CLASSES.join(',')],
    ['write', WRITE_CLASSES.join(',')],
    // Asterisk ends a connection whose reader pauses for 100 ms unless told otherwise.
    ['writetimeout', '5000'],
  ]
}

/**
 * Lets through what `ami-events` reads, and nothing else: 7 KB for a call of two legs instead of 47 (measured).
 * Source: Asterisk 22 `manager show command Filter`; needs 20.11, 21.6, 22.1 or newer
 */
export function eventFilters(attachedKeys: readonly string[]): readonly ConfigLine[] {
  const names = [BOOT_EVENT, ...Object.keys(EVENT_MAPPINGS).filter((name) => name !== 'VarSet')]
  const keys = [...new Set([RECORD_KEY, PARTITIONS_KEY, ...attachedKeys])]
  return [
    ...names.map((name): ConfigLine => [`eventfilter(action(include),name(${name}))`, '']),
    [`eventfilter(action(include),name(UserEvent),header(UserEvent),method(starts_with))`, USER_EVENT_PREFIX],
    ...keys.flatMap((key) => VARIABLE_FORMS.map((form): ConfigLine => ['eventfilter(action(include),name(VarSet),header(Variable),method(exact))', `${form}${key}`])),
  ]
}

/** Where the manager listens: on loopback alone, when we connect from there. */
function boundTo(from: string): string {
  const loopback = LOOPBACKS.find(({ sources }) => sources.test(from))
  if (loopback !== undefined) return `; Another program that comes over the network would no longer reach the manager.\n${lines([['bindaddr', loopback.address]])}`
  return NETWORK_WARNING
}

function globals({ attachedKeys, sipHeaders, recordingDirectory }: AsteriskConfigOptions): readonly ConfigLine[] {
  const headers: readonly ConfigLine[] = sipHeaders.size === 0 ? [] : [[SIP_HEADERS_VARIABLE, headersValue(sipHeaders)]]
  return [[KEYS_VARIABLE, keysValue(attachedKeys)], ...headers, [SPOOL_VARIABLE, recordingDirectory], [CLI_VARIABLE, CONSOLE]]
}

/** What the dialplan's global has to hold: the keys that it hands over, besides those that it always does. */
export function keysValue(attachedKeys: readonly string[]): string {
  return attachedKeys.filter((key) => key !== RECORD_KEY && key !== PARTITIONS_KEY).join(',')
}

/** The same for headers: `X-Call-Class:CALL_CLASS`. */
export function headersValue(sipHeaders: ReadonlyMap<string, string>): string {
  return [...sipHeaders].map((pair) => pair.join(':')).join(',')
}

function section(name: string, entries: readonly ConfigLine[]): string {
  return `[${guarded('section', name)}]\n${lines(entries)}`
}

function lines(entries: readonly ConfigLine[]): string {
  return entries.map(([key, value]) => `${key} = ${guarded(key, value).replaceAll(';', String.raw`\;`)}`.trimEnd() + '\n').join('')
}

function guarded(name: string, value: string): string {
  return guardedField({ name, value, maxBytes: MAX_VALUE_BYTES })
}
