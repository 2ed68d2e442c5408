import { setTimeout as delay } from 'node:timers/promises'
import { EslConnection, type EslEndpoint } from '../../../adapters/freeswitch/esl-connection.ts'
import type { EslMessage } from '../../../adapters/freeswitch/esl-message.ts'
import { NEEDED_MODULES } from '../../../adapters/freeswitch/pbx-config.ts'
import { isHoldfastError } from '../../../core/domain/errors.ts'
import { paramOf, paramsOf, tagsOf, type XmlTag } from './xml-tags.ts'

/** What a login to the event socket shows. Nothing is changed; no password is kept. */
export interface FreeSwitchFacts {
  /** Such as `1.10.12-release`; `null`: not told. */
  readonly version: string | null
  /** The PBX's clock minus ours; `null` where mod_dptools is not loaded. */
  readonly clockOffsetMs: number | null
  /** Of {@link NEEDED_MODULES}: those that are not loaded. */
  readonly missingModules: readonly string[]
  /** Global variables, as channels without one of their own see them. */
  readonly globals: ReadonlyMap<string, string>
  /** The event that tells of a command of ours. */
  readonly event: { readonly pbxTimeMs: number | null } | null
  /** `null`: event_socket.conf is not among the configuration that may be asked. */
  readonly eventSocket: EventSocketFacts | null
  /** `null`: sofia.conf is not among it. */
  readonly sofia: readonly XmlTag[] | null
  /** The static dialplan and directory; `null`: they cannot be read as a whole. */
  readonly dialplan: readonly XmlTag[] | null
  readonly directory: readonly XmlTag[] | null
}

export interface EventSocketFacts {
  readonly listenIp: string
  readonly password: 'default' | 'own'
  /** The access lists of `apply-inbound-acl`, and whether each lets {@link STRANGERS} in. */
  readonly accessLists: readonly { readonly name: string; readonly letsIn: 'strangers' | 'some' }[]
}

/** Of networks that belong to nobody: a list that lets these in lets everybody in. Source: RFC 5737, RFC 3849 */
export const STRANGERS = ['192.0.2.77', '198.51.100.77', '203.0.113.77', '2001:db8::77'] as const
/** What stands where no list is named, and where no address and no password are. Source: FreeSWITCH 1.10 mod_event_socket.c, config() */
const DEFAULT_ACCESS_LIST = 'loopback.auto'
const DEFAULT_LISTEN_IP = '127.0.0.1'
const DEFAULT_PASSWORD = 'ClueCon'
/** The event comes with the answer, within 20 ms; a machine without a free core takes longer. */
const EVENT_DEADLINE_MS = 2_000

/** What an API command prints. */
export type AskFreeSwitch = (line: string) => Promise<string>

/** Logs in, asks and goes. @throws HoldfastError as `EslConnection.open` and `api` */
export async function readFreeSwitchFacts(endpoint: EslEndpoint): Promise<FreeSwitchFacts> {
  const told = Promise.withResolvers<FreeSwitchFacts['event']>()
  const connection = await EslConnection.open(endpoint, {
    event: (message) => {
      if (message.get('Event-Name') === 'API') told.resolve({ pbxTimeMs: timeOf(message) })
    },
    // A strange message is not what is looked for.
    fault: () => undefined,
  })
  try {
    await connection.command('event json API')
    await connection.api('version short')
    const event = await Promise.race([told.promise, delay(EVENT_DEADLINE_MS, null, { ref: false })])
    await connection.command('noevents')
    return {
      ...(await askFacts((line) => connection.api(line), endpoint.password)),
      event,
      dialplan: await section(endpoint, 'dialplan'),
      directory: await section(endpoint, 'directory'),
    }
  } finally {
    connection.close('done')
  }
}

/** What short questions tell. @param password - as the settings have it */
export async function askFacts(ask: AskFreeSwitch, password: string): Promise<Omit<FreeSwitchFacts, 'event' | 'dialplan' | 'directory'>> {
  return {
    version: /^\d+\.\d+\S*$/.exec((await ask('version short')).trim())?.[0] ?? null,
    clockOffsetMs: await clockOffset(ask),
    missingModules: await missingModules(ask),
    globals: globalsOf(await ask('global_getvar')),
    eventSocket: await eventSocket(ask, password),
    sofia: await configuration(ask, 'sofia.conf'),
  }
}

/** Asks whether FreeSWITCH sees a file; `null`: it did not say. @throws HoldfastError as `EslConnection.open` and `api` */
export async function seesFile(endpoint: EslEndpoint, file: string): Promise<boolean | null> {
  const connection = await EslConnection.open(endpoint, { event: () => undefined, fault: () => undefined })
  try {
    const answer = (await connection.api(`file_exists ${file}`)).trim()
    return answer === 'true' ? true : answer === 'false' ? false : null
  } finally {
    connection.close('done')
  }
}

function timeOf(message: EslMessage): number | null {
  const microseconds = Number(message.get('Event-Date-Timestamp') ?? Number.NaN)
  return Number.isFinite(microseconds) ? microseconds / 1000 : null
}

async function clockOffset(ask: AskFreeSwitch): Promise<number | null> {
  const sentMs = Date.now()
  const answer = (await ask('strmicroepoch')).trim()
  return /^\d{16}$/.test(answer) ? Number(answer) / 1000 - (sentMs + Date.now()) / 2 : null
}

async function missingModules(ask: AskFreeSwitch): Promise<readonly string[]> {
  const missing: string[] = []
  for (const module of NEEDED_MODULES) {
    // Without mod_commands the question itself is not known: `-ERR module_exists Command not found!`.
    if ((await ask(`module_exists ${module}`)).trim() !== 'true') missing.push(module)
  }
  return missing
}

function globalsOf(answer: string): ReadonlyMap<string, string> {
  return new Map(answer.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at <= 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
  }))
}

async function configuration(ask: AskFreeSwitch, name: string): Promise<readonly XmlTag[] | null> {
  const tags = tagsOf(await ask(`xml_locate configuration configuration name ${name}`))
  return tags[0]?.name === 'configuration' ? tags : null
}

/** Whole sections may be longer than a link takes: each is asked over one of its own, so that nothing else is lost with it. */
async function section(endpoint: EslEndpoint, name: 'dialplan' | 'directory'): Promise<readonly XmlTag[] | null> {
  const connection = await EslConnection.open(endpoint, { event: () => undefined, fault: () => undefined })
  try {
    const tags = tagsOf(await connection.api(`xml_locate ${name}`))
    return tags[0]?.name === 'section' ? tags : null
  } catch (error) {
    if (isHoldfastError(error, 'PBX_UNREACHABLE') || isHoldfastError(error, 'PBX_TIMEOUT')) return null
    throw error
  } finally {
    connection.close('done')
  }
}

async function eventSocket(ask: AskFreeSwitch, password: string): Promise<EventSocketFacts | null> {
  const tags = await configuration(ask, 'event_socket.conf')
  if (tags === null) return null
  const named = paramsOf(tags, 'apply-inbound-acl').filter((name) => name !== '')
  const accessLists: EventSocketFacts['accessLists'][number][] = []
  for (const name of named.length === 0 ? [DEFAULT_ACCESS_LIST] : named) {
    accessLists.push({ name, letsIn: await letsStrangersIn(ask, name) ? 'strangers' : 'some' })
  }
  const isDefault = password === DEFAULT_PASSWORD || [DEFAULT_PASSWORD, '', null].includes(paramOf(tags, 'password'))
  return { listenIp: paramOf(tags, 'listen-ip') || DEFAULT_LISTEN_IP, password: isDefault ? 'default' : 'own', accessLists }
}

async function letsStrangersIn(ask: AskFreeSwitch, list: string): Promise<boolean> {
  // The name stands in a command: one that is none is not asked for.
  if (!/^[\w.:/-]{1,200}$/.test(list)) return false
  for (const stranger of STRANGERS) {
    if ((await ask(`acl ${stranger} ${list}`)).trim() === 'true') return true
  }
  return false
}
