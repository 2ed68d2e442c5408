import path from 'node:path'
import type { AsteriskInstallation } from './asterisk-installation.ts'
import { confText, type ConfEntry, type ConfSection } from './asterisk-conf.ts'
import { modulesText } from './asterisk-modules.ts'
import { endpointSections, type PhoneEndpoint } from './asterisk-endpoints.ts'

export type ManagerUser = {
  readonly name: string
  readonly secret: string
  /** Comma-separated classes, such as `call,user,dialplan`. */
  readonly read: string
  readonly write: string
  /** Whole lines of manager.conf, such as `eventfilter(action(include),name(Hangup)) =`; empty for every event. */
  readonly eventFilters: readonly ConfEntry[]
}

export type AriUser = { readonly name: string; readonly password: string }

export type AsteriskPorts = {
  readonly ami: number
  readonly http: number
  readonly sip: number
  readonly amiTls: number
  readonly https: number
}

export type AsteriskDirectories = {
  readonly etc: string
  readonly lib: string
  readonly log: string
  readonly run: string
  readonly spool: string
  readonly musicOnHold: string
}

export type AsteriskPlan = {
  readonly installation: AsteriskInstallation
  readonly directories: AsteriskDirectories
  readonly ports: AsteriskPorts
  readonly systemName: string
  /** The dialplan: whole contexts. */
  readonly extensions: string
  /** Absolute names of dialplan files, included after `extensions`. */
  readonly includeFiles: readonly string[]
  readonly phones: readonly PhoneEndpoint[]
  readonly managerUsers: readonly ManagerUser[]
  readonly ariUsers: readonly AriUser[]
  readonly modules: readonly string[]
  /** PEM file with certificate and key, or null without TLS. */
  readonly certificateFile: string | null
  /** Text added to the end of the named file, which is made when there is none: queues, features, conferences. */
  readonly append: Readonly<Record<string, string>>
}

/** Two Asterisks may share the range: each passes over a port that is taken. Below the range from which the kernel gives out ports. */
const RTP_FIRST_PORT = 12_000
const RTP_LAST_PORT = 31_999

/** Tones of the laboratory itself, far from those that telephones send: they are told apart in a recording. */
export const RINGBACK_HZ = 300
export const MUSIC_ON_HOLD_HZ = 620

/** Read by modules that we load; without the file they complain at each start. */
const EMPTY_FILES = ['acl.conf', 'ccss.conf', 'pjproject.conf', 'stasis.conf', 'udptl.conf', 'websocket_client.conf', 'followme.conf', 'queuerules.conf']

/** Every file below `etc` of a private Asterisk, by name. */
export function asteriskFiles(plan: AsteriskPlan): ReadonlyMap<string, string> {
  const files = new Map<string, string>(EMPTY_FILES.map((name) => [name, '']))
  for (const [name, sections] of Object.entries(sectionsByFile(plan))) files.set(name, confText(sections))
  files.set('modules.conf', modulesText(plan.modules))
  files.set('extensions.conf', extensionsText(plan))
  for (const [name, text] of Object.entries(plan.append)) files.set(name, `${files.get(name) ?? ''}\n${text}\n`)
  return files
}

function sectionsByFile(plan: AsteriskPlan): Record<string, readonly ConfSection[]> {
  const { directories } = plan
  return {
    'asterisk.conf': asteriskSections(plan),
    'logger.conf': [
      { name: 'general', entries: [['dateformat', '%F %T.%3q']] },
      { name: 'logfiles', entries: [['messages.log', 'notice,warning,error']] },
    ],
    'indications.conf': [
      { name: 'general', entries: [['country', 'lab']] },
      {
        name: 'lab',
        entries: [
          ['description', 'Laboratory'], ['ringcadence', '1000,2000'], ['ring', `${RINGBACK_HZ}/1000,0/2000`], ['dial', '350+440'],
          ['busy', '480+620/500,0/500'], ['congestion', '480+620/250,0/250'], ['callwaiting', `${RINGBACK_HZ}/200,0/5000`],
        ],
      },
    ],
    'rtp.conf': [{ name: 'general', entries: [['rtpstart', RTP_FIRST_PORT], ['rtpend', RTP_LAST_PORT]] }],
    'musiconhold.conf': [{ name: 'default', entries: [['mode', 'files'], ['directory', directories.musicOnHold]] }],
    'cdr.conf': [{ name: 'general', entries: [['enable', 'yes'], ['unanswered', 'no']] }],
    'cel.conf': [{ name: 'general', entries: [['enable', 'no']] }],
    'features.conf': [
      // Attended transfers over a busy machine: the default of 3 s between digits is kept, an unanswered target returns sooner than the default 15 s.
      { name: 'general', entries: [['transferdigittimeout', 3], ['atxfernoanswertimeout', 10]] },
      { name: 'featuremap', entries: [['blindxfer', '#1'], ['atxfer', '*2']] },
    ],
    'queues.conf': [{ name: 'general', entries: [['persistentmembers', 'no']] }],
    'res_parking.conf': [
      { name: 'general', entries: [] },
      { name: 'default', entries: [['parkext', 700], ['parkpos', '701-720'], ['context', 'parkedcalls'], ['parkingtime', 45]] },
    ],
    'confbridge.conf': [
      { name: 'general', entries: [] },
      { name: 'default_user', entries: [['type', 'user'], ['quiet', 'yes']] },
      { name: 'default_bridge', entries: [['type', 'bridge']] },
    ],
    'manager.conf': managerSections(plan),
    'http.conf': [{ name: 'general', entries: httpEntries(plan) }],
    'ari.conf': [
      { name: 'general', entries: [['enabled', plan.ariUsers.length > 0 ? 'yes' : 'no']] },
      ...plan.ariUsers.map((user) => ({ name: user.name, entries: [['type', 'user'], ['read_only', 'no'], ['password', user.password]] as const })),
    ],
    'pjsip.conf': [
      { name: 'global', entries: [['type', 'global'], ['endpoint_identifier_order', 'username,ip,anonymous']] },
      { name: 'udp', entries: [['type', 'transport'], ['protocol', 'udp'], ['bind', `127.0.0.1:${plan.ports.sip}`]] },
      ...plan.phones.flatMap(endpointSections),
    ],
  }
}

function asteriskSections({ installation, directories, systemName }: AsteriskPlan): ConfSection[] {
  const entries: ConfEntry[] = [
    ['astetcdir', directories.etc],
    ['astmoddir', installation.modulesDirectory],
    ['astvarlibdir', directories.lib],
    ['astdbdir', directories.lib],
    ['astkeydir', directories.lib],
    ['astdatadir', installation.dataDirectory],
    ['astagidir', path.join(installation.dataDirectory, 'agi-bin')],
    ['astspooldir', directories.spool],
    ['astrundir', directories.run],
    ['astlogdir', directories.log],
  ]
  return [
    { name: 'directories', entries },
    { name: 'options', entries: [['systemname', systemName], ['documentation_language', 'en_US'], ['nocolor', 'yes'], ['hideconnect', 'yes']] },
  ]
}

function managerSections(plan: AsteriskPlan): ConfSection[] {
  const general: ConfEntry[] = [
    ['enabled', 'yes'],
    ['webenabled', 'no'],
    ['bindaddr', '127.0.0.1'],
    ['port', plan.ports.ami],
    ['displayconnects', 'no'],
    ['timestampevents', 'yes'],
    ...tlsEntries(plan, plan.ports.amiTls),
  ]
  const users = plan.managerUsers.map((user): ConfSection => ({
    name: user.name,
    entries: [['secret', user.secret], ['read', user.read], ['write', user.write], ...user.eventFilters],
  }))
  return [{ name: 'general', entries: general }, ...users]
}

function httpEntries(plan: AsteriskPlan): ConfEntry[] {
  return [['enabled', 'yes'], ['bindaddr', '127.0.0.1'], ['bindport', plan.ports.http], ...tlsEntries(plan, plan.ports.https)]
}

function tlsEntries({ certificateFile }: AsteriskPlan, port: number): ConfEntry[] {
  if (certificateFile === null) return []
  return [['tlsenable', 'yes'], ['tlsbindaddr', `127.0.0.1:${port}`], ['tlscertfile', certificateFile], ['tlsprivatekey', certificateFile]]
}

function extensionsText(plan: AsteriskPlan): string {
  return `${plan.extensions}\n${plan.includeFiles.map((file) => `#include "${file}"\n`).join('')}`
}
