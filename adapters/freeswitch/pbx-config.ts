import { posix } from 'node:path'
import { isIP } from 'node:net'
import { guardedField } from '../wire/line-guard.ts'
import type { PbxId } from '../../core/domain/ids.ts'
import { PBX_VARIABLE, SPOOL_VARIABLE } from './dialplan-names.ts'

/** What the snippets are made for. */
export interface FreeSwitchConfigOptions {
  readonly pbxId: PbxId
  readonly esl: { readonly port: number; readonly password: string; /** The address that we connect from, as FreeSWITCH sees it. */ readonly from: string }
  readonly recordingDirectory: string
}

/** What to put into FreeSWITCH's own files, by the name of each below its configuration. */
export interface FreeSwitchConfigSnippets {
  readonly 'autoload_configs/event_socket.conf.xml': string
  /** `null` where we connect from the same machine: FreeSWITCH knows its own addresses. */
  readonly 'autoload_configs/acl.conf.xml': string | null
  readonly 'autoload_configs/modules.conf.xml': string
  readonly 'sip_profiles/*.xml': string
  readonly 'vars.xml': string
}

/** What the recorder, the dialplan and its tones use. All are in the configuration that FreeSWITCH comes with. */
export const NEEDED_MODULES = ['mod_event_socket', 'mod_commands', 'mod_dptools', 'mod_dialplan_xml', 'mod_hash', 'mod_sndfile', 'mod_tone_stream'] as const
/** The access list that every FreeSWITCH has: loopback addresses. Source: FreeSWITCH 1.10 switch_core.c, `switch_load_network_lists` */
const LOOPBACK_LIST = 'loopback.auto'
const OWN_LIST = 'holdfast'
/** Longest value that is written into a configuration file. A guess: far longer than a password or a folder. */
const MAX_VALUE_BYTES = 1_000
const NETWORK_WARNING = `<!-- ATTENTION: the event socket is open to the network here. It knows no TLS, and whoever hears its password runs commands on the PBX:
     only where all traffic between the two is encrypted, as by WireGuard, listen-ip being the tunnel's address. docs/freeswitch.md -->
`

/**
 * What an administrator adds to the PBX.
 * @throws HoldfastError `FIELD_REFUSED` for a value that would begin another line
 */
export function freeSwitchConfigSnippets({ pbxId, esl, recordingDirectory }: FreeSwitchConfigOptions): FreeSwitchConfigSnippets {
  const isLocal = isLoopbackAddress(esl.from)
  const listener = [
    ['nat-map', 'false'], ['listen-ip', isLocal ? '127.0.0.1' : 'ADDRESS-OF-THE-TUNNEL'], ['listen-port', String(esl.port)],
    ['password', esl.password], ['apply-inbound-acl', isLocal ? LOOPBACK_LIST : OWN_LIST],
  ] as const
  return {
    'autoload_configs/event_socket.conf.xml': `${isLocal ? '' : NETWORK_WARNING}<settings>\n${listener.map(([name, value]) => `  ${param(name, value)}\n`).join('')}</settings>\n`,
    'autoload_configs/acl.conf.xml': isLocal ? null : `<list name="${OWN_LIST}" default="deny">\n  <node type="allow" cidr="${escaped('from', hostMask(esl.from))}"/>\n</list>\n`,
    'autoload_configs/modules.conf.xml': NEEDED_MODULES.map((module) => `<load module="${module}"/>\n`).join(''),
    'sip_profiles/*.xml': `<!-- in the settings of each profile over which calls are transferred: without it, who passed a call on is not told -->\n${param('fire-transfer-events', 'true')}\n`,
    'vars.xml': `<!-- alone on its line, or it is dropped; needed where it is not \${recordings_dir} -->\n<X-PRE-PROCESS cmd="set" data="${SPOOL_VARIABLE}=${escaped('recordingDirectory', posix.normalize(recordingDirectory).replace(/\/+$/, ''))}"/>\n<!-- the name of this PBX in ids of interactions; Holdfast says it, too, when its link comes up -->\n<X-PRE-PROCESS cmd="set" data="${PBX_VARIABLE}=${pbxId}"/>\n`,
  }
}

function param(name: string, value: string): string {
  return `<param name="${name}" value="${escaped(name, value)}"/>`
}

/** `$` would begin a variable of FreeSWITCH's own: `$${domain}` is filled in before the XML is read. */
function escaped(name: string, value: string): string {
  return guardedField({ name, value, maxBytes: MAX_VALUE_BYTES }).replace(/[&<>"'$]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function isLoopbackAddress(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

function hostMask(address: string): string {
  return `${address}/${isIP(address) === 6 ? 128 : 32}`
}
