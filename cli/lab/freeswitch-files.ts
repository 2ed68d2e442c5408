import path from 'node:path'
import { MUSIC_ON_HOLD_HZ } from './asterisk-files.ts'

/** What one private FreeSWITCH is made of. */
export interface FreeSwitchPlan {
  readonly directories: FreeSwitchDirectories
  readonly ports: FreeSwitchPorts
  readonly password: string
  /** Extensions and conditions, as they stand in a context; each context by its name. */
  readonly contexts: Readonly<Record<string, string>>
  /** Whole contexts in files of their own, by absolute name. */
  readonly includeFiles: readonly string[]
  /** Names of telephones that may register, and the context in which their calls begin. */
  readonly phones: readonly FreeSwitchPhone[]
  readonly globals: Readonly<Record<string, string>>
  /** Parameters of event_socket.conf and of the SIP profile, in place of ours. */
  readonly eventSocket: Readonly<Record<string, string>>
  readonly profile: Readonly<Record<string, string>>
}

export interface FreeSwitchPhone {
  readonly name: string
  readonly context: string
}

export interface FreeSwitchDirectories {
  readonly conf: string
  readonly log: string
  readonly run: string
  readonly db: string
  readonly recordings: string
}

export interface FreeSwitchPorts {
  readonly eventSocket: number
  readonly sip: number
  /** First of a thousand. */
  readonly rtp: number
}

/** Ports for the sound of some hundred calls. */
export const RTP_PORTS = 1000
/** A tone that no telephone of the tests sends, so that music can be told from voices; the same as Asterisk's. */
export const HOLD_MUSIC = `tone_stream://%(1000,0,${MUSIC_ON_HOLD_HZ});loops=-1`

const MODULES = [
  'console', 'logfile', 'event_socket', 'commands', 'dptools', 'db', 'hash', 'expr', 'dialplan_xml', 'loopback', 'sofia',
  'sndfile', 'native_file', 'tone_stream', 'valet_parking', 'conference', 'fifo',
]

/** The whole of `freeswitch.xml`: no file of an installation is read. Source: FreeSWITCH 1.10, `conf/minimal` */
export function freeSwitchXml(plan: FreeSwitchPlan): string {
  return `<?xml version="1.0"?>
<document type="freeswitch/xml">
${preProcess('set', `hold_music=${HOLD_MUSIC}`)}
${Object.entries(plan.globals).map(([name, value]) => preProcess('set', `${name}=${value}`)).join('\n')}
<section name="configuration">
${configuration('modules.conf', `<modules>${MODULES.map((name) => `<load module="mod_${name}"/>`).join('')}</modules>`)}
${settings('switch.conf', { 'colorize-console': 'false', 'max-sessions': '2000', 'sessions-per-second': '500', loglevel: 'info', 'rtp-start-port': plan.ports.rtp, 'rtp-end-port': plan.ports.rtp + RTP_PORTS - 1 })}
${configuration('console.conf', '<mappings><map name="all" value="console,notice,warning,err,crit,alert"/></mappings>')}
${configuration('logfile.conf', `<settings/><profiles><profile name="default"><settings><param name="logfile" value="${escapeXml(logFile(plan.directories))}"/></settings>
<mappings><map name="all" value="console,info,notice,warning,err,crit,alert"/></mappings></profile></profiles>`)}
${settings('event_socket.conf', { 'nat-map': 'false', 'listen-ip': '127.0.0.1', 'listen-port': plan.ports.eventSocket, password: plan.password, 'apply-inbound-acl': 'loopback.auto', ...plan.eventSocket })}
${configuration('acl.conf', '<network-lists/>')}
${['post_load_modules.conf', 'loopback.conf', 'timezones.conf', 'db.conf', 'hash.conf', 'fifo.conf'].map((name) => configuration(name, '<settings/>')).join('\n')}
${configuration('conference.conf', `<caller-controls/><profiles><profile name="default">${params({ rate: '8000', interval: '20', 'energy-level': '0', 'comfort-noise': 'false' })}</profile></profiles>`)}
${configuration('sofia.conf', `<global_settings><param name="log-level" value="0"/></global_settings><profiles><profile name="internal"><settings>${params(profile(plan))}</settings></profile></profiles>`)}
</section>
<section name="dialplan">
${Object.entries(plan.contexts).map(([name, body]) => `<context name="${escapeXml(name)}">\n${body}\n</context>`).join('\n')}
${plan.includeFiles.map((file) => preProcess('include', file)).join('\n')}
</section>
<section name="directory"><domain name="127.0.0.1"><groups><group name="default"><users>
${plan.phones.map(({ name, context }) => `<user id="${escapeXml(name)}"><params><param name="password" value=""/></params><variables><variable name="user_context" value="${escapeXml(context)}"/></variables></user>`).join('\n')}
</users></group></groups></domain></section>
<section name="chatplan"/><section name="languages"/>
</document>
`
}

/** Where the switch logs. */
export function logFile({ log }: FreeSwitchDirectories): string {
  return path.join(log, 'freeswitch.log')
}

/** Telephones register without a password: they are ours, on the loopback interface. */
function profile({ ports, profile: own }: FreeSwitchPlan): Readonly<Record<string, string | number>> {
  return {
    context: 'public', dialplan: 'XML', 'sip-ip': '127.0.0.1', 'rtp-ip': '127.0.0.1', 'sip-port': ports.sip,
    'auth-calls': 'false', 'accept-blind-reg': 'true', 'inbound-codec-prefs': 'PCMU,PCMA', 'outbound-codec-prefs': 'PCMU,PCMA',
    'rtp-timer-name': 'soft', 'rfc2833-pt': 101, 'dtmf-type': 'rfc2833', 'fire-transfer-events': 'true', 'manage-presence': 'false',
    'hold-music': HOLD_MUSIC, ...own,
  }
}

function configuration(name: string, body: string): string {
  return `<configuration name="${name}">${body}</configuration>`
}

function settings(name: string, values: Readonly<Record<string, string | number>>): string {
  return configuration(name, `<settings>${params(values)}</settings>`)
}

function params(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => `<param name="${name}" value="${escapeXml(String(value))}"/>`).join('')
}

/** Alone on its line: what stands before it there is dropped without a word (seen with 1.10.12). */
function preProcess(command: 'set' | 'include', data: string): string {
  return `<X-PRE-PROCESS cmd="${command}" data="${escapeXml(data)}"/>`
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
