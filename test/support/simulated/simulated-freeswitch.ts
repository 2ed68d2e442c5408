import { ARM_VARIABLE, HEARTBEAT_VARIABLE, NATIVE_EVENT, NATIVE_VARIABLE, NATIVES_REALM, STARTED_REALM } from '../../../adapters/freeswitch/dialplan-names.ts'
import { apiResponse, commandReply, jsonEvent } from '../hostile/hostile-esl.ts'
import { EventFilters } from './event-filters.ts'
import type { Headers } from './leg-changes.ts'
import { type Client, LineServer } from './line-server.ts'
import { Silences } from './silences.ts'

const NO_CHANNEL = '-ERR No such channel!\n'
const NO_SESSION = '-ERR Cannot locate session!\n'
const DONE = '+OK\n'
/** Begins the files that a dialplan records by itself. Source: dialplan/freeswitch/holdfast.xml, holdfast-begin */
const NATIVE_FILE = /\/native-[^/]*\.(\d{15,16})\.wav$/

export interface SimulatedLeg {
  readonly id: string
  /** What was last told of it, as JSON. */
  told: string
  /** Set by clients. */
  readonly variables: Map<string, string>
  /** Paths of their files. */
  readonly recorders: Set<string>
}

export interface SimulatedFreeSwitchEvents {
  /** A channel variable was set by a client. */
  readonly variable?: (leg: SimulatedLeg, name: string, value: string) => void
  /** A recorder was started by a client. */
  readonly started?: (leg: SimulatedLeg, path: string) => void
  readonly stopped?: (leg: SimulatedLeg, path: string) => void
}

/**
 * A FreeSWITCH on its event socket, as far as Holdfast speaks with it: it plays the events that it is given, keeps legs by them, and
 * answers commands about these as FreeSWITCH does. It has no sound, no dialplan and no SIP.
 */
export class SimulatedFreeSwitch implements AsyncDisposable {
  readonly legs = new Map<string, SimulatedLeg>()
  readonly globals = new Map<string, string>()
  /** What mod_hash holds, by realm. */
  readonly realms = new Map<string, Map<string, string>>()
  /** Legs whose sound does not come through here. */
  readonly unheard = new Set<string>()
  bootedAtMs = Date.now()
  readonly #server: LineServer
  readonly #events: SimulatedFreeSwitchEvents
  readonly #silences = new Silences()
  readonly #filters = new WeakMap<Client, EventFilters>()
  /** Source: FreeSWITCH 1.10 mod_commands.c, mod_hash.c */
  readonly #commands: Readonly<Record<string, (words: string) => string>> = {
    strmicroepoch: () => String(Date.now() * 1000),
    uptime: () => String(Math.floor((Date.now() - this.bootedAtMs) / 1000)),
    status: () => `UP\n${this.legs.size} session(s) - peak ${this.legs.size}, last 5min ${this.legs.size}\n`,
    show: () => JSON.stringify({ row_count: this.legs.size, ...this.legs.size === 0 ? {} : { rows: [...this.legs.keys()].map((uuid) => ({ uuid })) } }),
    uuid_dump: (words) => this.#onLeg(words, (leg) => JSON.stringify(described(leg))),
    uuid_buglist: (words) => this.#onLeg(words, ({ recorders }) => `<media-bugs>\n${[...recorders].map((path) => ` <media-bug>\n  <function>session_record</function>\n  <target>${path}</target>\n </media-bug>\n`).join('')}</media-bugs>\n`, '-ERR no reply\n'),
    eval: (words) => this.#onLeg(words.replace(/^uuid:/, ''), (leg) => String(described(leg)['Answer-State'] ?? ''), '-ERR no reply\n'),
    uuid_setvar: (words) => this.#onLeg(words, (leg, rest) => this.#set(leg, [splitAt(rest, ' ')])),
    uuid_setvar_multi: (words) => this.#onLeg(words, (leg, rest) => this.#set(leg, rest.split(';').map((one) => splitAt(one, '=')))),
    uuid_getvar: (words) => this.#onLeg(words, (leg, name) => String(described(leg)[`variable_${name}`] ?? '_undef_')),
    uuid_record: (words) => this.#onLeg(words, (leg, rest) => this.#record(leg, rest), NO_SESSION),
    global_setvar: (words) => {
      this.globals.set(...splitAt(words, '='))
      return DONE
    },
    hash: (words) => this.#hash(words),
    hash_dump: (words) => [...this.realms.get(splitAt(words, ' ')[1]) ?? []].map(([key, value]) => `D/${splitAt(words, ' ')[1]}_${key}/${value}\n`).join('') || '-ERR no reply\n',
  }

  private constructor(server: LineServer, events: SimulatedFreeSwitchEvents) {
    this.#server = server
    this.#events = events
    server.heard = (client, message) => this.#hear(client, message)
  }

  static async open(events: SimulatedFreeSwitchEvents = {}): Promise<SimulatedFreeSwitch> {
    return new SimulatedFreeSwitch(await LineServer.open({ greeting: 'Content-Type: auth/request\n\n', end: '\n\n' }), events)
  }

  get port(): number {
    return this.#server.port
  }

  /** Whether a dialplan would ask a service now. Source: dialplan/freeswitch/holdfast.xml, holdfast-record */
  get isServed(): boolean {
    return Number(this.globals.get(HEARTBEAT_VARIABLE) ?? 0) > Date.now() / 1000
  }

  cut(): void {
    this.#server.state = 'cut'
    this.#server.dropAll()
  }

  mend(): void {
    this.#server.state = 'open'
  }

  fallSilent(): void {
    this.#server.state = 'silent'
  }

  /** Everything that was is gone: mod_hash keeps nothing either. */
  restart(): void {
    this.#server.dropAll()
    this.legs.clear()
    this.globals.clear()
    this.realms.clear()
    this.bootedAtMs = Date.now()
  }

  /** Tells an event, and keeps what it says of legs. One named CHANNEL_DATA describes its leg, and is told nobody. */
  play(json: string): void {
    const name = /"Event-Name":"([^"]*)"/.exec(json)?.[1] ?? ''
    const leg = this.#legOf(name, json)
    if (leg !== null && name === 'CHANNEL_HANGUP_COMPLETE') for (const path of leg.recorders) this.#end(leg, path)
    if (name !== 'CHANNEL_DATA') this.#send(json)
    if (leg === null) return
    leg.told = json
    if (name === 'CHANNEL_ANSWER') this.#runArmed(leg)
    if (name === 'RECORD_START') this.#learnNative(leg)
    if (json.includes(`"Event-Subclass":"${NATIVE_EVENT}"`)) this.realm(NATIVES_REALM).set(leg.id, String(described(leg)[`variable_${NATIVE_VARIABLE}`] ?? '').replaceAll('\'', '%27'))
    if (name === 'CHANNEL_HANGUP_COMPLETE') this.legs.delete(leg.id)
  }

  realm(name: string): Map<string, string> {
    const known = this.realms.get(name) ?? new Map<string, string>()
    this.realms.set(name, known)
    return known
  }

  /** How long a recorder, also one that has ended, was silenced without a break. */
  silencedMs(path: string): number {
    return this.#silences.longestMs(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
  }

  #hear(client: Client, message: string): void {
    const [word, words] = splitAt(message, ' ')
    if (word === 'api') {
      const [command, argument] = splitAt(words, ' ')
      this.#tell({ 'Event-Name': 'API', 'Event-Date-Timestamp': now(), 'API-Command': command, 'API-Command-Argument': argument })
      client.write(apiResponse(this.#commands[command]?.(argument) ?? `-ERR ${command} Command not found!\n`))
      return
    }
    if (word === 'event') client.isListening = true
    if (word === 'filter') this.#filtersOf(client).add(words)
    client.write(commandReply(word === 'auth' ? '+OK accepted' : '+OK'))
  }

  #legOf(name: string, json: string): SimulatedLeg | null {
    const id = /"Unique-ID":"([^"]*)"/.exec(json)?.[1] ?? ''
    if (name === 'CHANNEL_CREATE') this.legs.set(id, { id, told: json, variables: new Map(), recorders: new Set() })
    return this.legs.get(id) ?? null
  }

  #onLeg(words: string, answer: (leg: SimulatedLeg, rest: string) => string, unknown = NO_CHANNEL): string {
    const [id, rest] = splitAt(words, ' ')
    const leg = this.legs.get(id)
    return leg === undefined ? unknown : answer(leg, rest)
  }

  #set(leg: SimulatedLeg, assignments: readonly (readonly [string, string])[]): string {
    for (const [name, value] of assignments) {
      leg.variables.set(name, value)
      this.#events.variable?.(leg, name, value)
    }
    return DONE
  }

  #record(leg: SimulatedLeg, words: string): string {
    const [action = '', path = ''] = words.split(' ', 2)
    if (action === 'start') {
      if (!leg.recorders.has(path)) this.#begin(leg, path)
      return '+OK Success\n'
    }
    if (!leg.recorders.has(path)) return action === 'stop' ? '-ERR Cannot stop record session!\n' : `-ERR Cannot ${action} recording session!\n`
    if (action === 'stop') this.#end(leg, path)
    else this.#silences.change(path, action === 'mask' ? 'silent' : 'heard')
    return '+OK Success\n'
  }

  #begin(leg: SimulatedLeg, path: string): void {
    leg.recorders.add(path)
    this.#tell({ ...described(leg), 'Event-Name': 'RECORD_START', 'Event-Date-Timestamp': now(), 'Record-File-Path': path })
    this.#events.started?.(leg, path)
  }

  #end(leg: SimulatedLeg, path: string): void {
    leg.recorders.delete(path)
    this.#tell({ ...described(leg), 'Event-Name': 'RECORD_STOP', 'Event-Date-Timestamp': now(), 'Record-File-Path': path, 'Record-Completion-Cause': this.unheard.has(leg.id) ? 'empty-file' : 'success-silence' })
    this.#events.stopped?.(leg, path)
  }

  /** In the order in which they were set. */
  #runArmed(leg: SimulatedLeg): void {
    for (const [name, value] of leg.variables) {
      const [command, words] = splitAt(value, ' ')
      if (name.startsWith(ARM_VARIABLE) && value !== '') this.#commands[command]?.(words)
    }
  }

  #learnNative(leg: SimulatedLeg): void {
    const path = String(described(leg)['Record-File-Path'] ?? '')
    const began = NATIVE_FILE.exec(path)?.[1]
    leg.recorders.add(path)
    if (began !== undefined) this.realm(STARTED_REALM).set(leg.id, began)
  }

  #hash(words: string): string {
    const [, action, realm = '', key = '', value = ''] = /^(insert|delete)\/([^/]*)\/([^/]*)\/?(.*)$/s.exec(words) ?? []
    if (action === 'insert') this.realm(realm).set(key, value)
    else if (!this.realm(realm).delete(key)) return '-ERR Not found\n'
    return DONE
  }

  #tell(headers: Headers): void {
    this.#send(JSON.stringify(headers))
  }

  #send(json: string): void {
    this.#server.send(jsonEvent(json), (client) => this.#filtersOf(client).lets(json))
  }

  #filtersOf(client: Client): EventFilters {
    const known = this.#filters.get(client) ?? new EventFilters()
    this.#filters.set(client, known)
    return known
  }
}

/** As it was last told, with what clients have set since. A variable without a value is none. */
function described({ told, variables }: SimulatedLeg): Headers {
  const headers = JSON.parse(told) as Headers
  const set = [...variables].map(([name, value]) => [`variable_${name}`, value] as const)
  return Object.fromEntries([...Object.entries(headers), ...set].filter(([, value]) => value !== ''))
}

function now(): string {
  return String(Date.now() * 1000)
}

function splitAt(text: string, separator: string): [first: string, rest: string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
