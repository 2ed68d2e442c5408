import { type Client, LineServer } from './line-server.ts'
import { Silences } from './silences.ts'

const BLANK = '\r\n\r\n'
/** A channel's own headers, as each event of it has them. Source: Asterisk 22 main/manager_channels.c, ast_manager_build_channel_state_string_prefix */
const DESCRIPTION = new Set(['Channel', 'ChannelState', 'ChannelStateDesc', 'CallerIDNum', 'CallerIDName', 'ConnectedLineNum', 'ConnectedLineName', 'Language', 'AccountCode', 'Context', 'Exten', 'Priority', 'Uniqueid', 'Linkedid'])
const GONE = 'Response: Error\r\nMessage: No such channel'
const NO_RECORDER = { stop: 'Response: Error\r\nMessage: Could not stop monitoring channel', mute: 'Response: Error\r\nMessage: Cannot set mute flag' } as const

interface SimulatedRecorder {
  readonly id: string
  /** Absolute, as it was told. */
  readonly received: string
}

export interface SimulatedChannel {
  readonly uniqueId: string
  description: readonly string[]
  dialled: string
  bridgeId: string
  readonly variables: Map<string, string>
  readonly recorders: Map<string, SimulatedRecorder>
}

type Fields = Readonly<Record<string, string>>
/** A reply, and the items of a list behind it. `null`: the client is not logged in. */
type Reply = string | readonly string[]

export interface SimulatedAsteriskEvents {
  /** A channel variable was set by a client. */
  readonly variable?: (channel: SimulatedChannel, name: string, value: string) => void
  /** A recorder was started by a client. */
  readonly started?: (channel: SimulatedChannel) => void
  readonly stopped?: (channel: SimulatedChannel) => void
}

/**
 * An Asterisk on the manager interface, as far as Holdfast speaks with it: it plays the events that it is given, keeps channels by
 * them, and answers commands about these as Asterisk does. It has no sound, no dialplan and no SIP.
 */
export class SimulatedAsterisk implements AsyncDisposable {
  readonly channels = new Map<string, SimulatedChannel>()
  readonly globals = new Map<string, string>()
  /** Below their family, such as `/holdfast/…`. */
  readonly database = new Map<string, string>()
  /** Lines of `QueueMember` events. */
  queueMembers: readonly (readonly string[])[] = []
  bootedAtMs = Date.now()
  readonly #server: LineServer
  readonly #events: SimulatedAsteriskEvents
  #recorders = 0
  readonly #silences = new Silences()
  readonly #actions: Readonly<Record<string, (fields: Fields) => Reply>> = {
    events: () => success(),
    filter: () => success(),
    ping: () => `${success()}\r\nPing: Pong\r\nTimestamp: ${stamp()}`,
    coresettings: () => `${success()}\r\nAMIversion: 11.0.0\r\nAsteriskVersion: 22.10.1`,
    setvar: (fields) => this.#setVariable(fields),
    getvar: (fields) => this.#getVariable(fields),
    mixmonitor: (fields) => this.#startRecorder(fields),
    stopmixmonitor: (fields) => this.#stopRecorder(fields),
    mixmonitormute: (fields) => this.#mute(fields),
    status: () => list('Status', [...this.channels.values()].map((channel) => statusOf(channel))),
    bridgelist: () => list('BridgeList', [...new Set([...this.channels.values()].map(({ bridgeId }) => bridgeId))].filter((id) => id !== '').map((id) => ['Event: BridgeListItem', `BridgeUniqueid: ${id}`, 'BridgeType: basic', 'BridgeTechnology: simple_bridge'])),
    queuestatus: () => list('QueueStatus', this.queueMembers),
    dbgettree: ({ family = '' }) => list('DBGetTree', [...this.database].filter(([key]) => key.startsWith(`/${family}/`)).map(([key, value]) => ['Event: DBGetTreeResponse', `Key: ${key}`, `Val: ${value}`])),
    dbdeltree: ({ family = '' }) => this.#forget(`/${family}/`),
  }

  private constructor(server: LineServer, events: SimulatedAsteriskEvents) {
    this.#server = server
    this.#events = events
    server.heard = (client, message) => this.#hear(client, message)
  }

  static async open(events: SimulatedAsteriskEvents = {}): Promise<SimulatedAsterisk> {
    return new SimulatedAsterisk(await LineServer.open({ greeting: 'Asterisk Call Manager/11.0.0\r\n', end: BLANK }), events)
  }

  get port(): number {
    return this.#server.port
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

  /** Everything that was is gone but the database. */
  restart(): void {
    this.#server.dropAll()
    this.channels.clear()
    this.globals.clear()
    this.bootedAtMs = Date.now()
  }

  /** Tells an event, dated now, and keeps what it says of channels. */
  play(message: string): void {
    const lines = message.replace(/^((?:Timestamp|Started): )\d{9,11}\.\d+$/gm, `$1${stamp()}`).split('\n')
    const fields = fieldsOf(lines)
    const name = fields['event'] ?? ''
    this.#learn(name, fields, lines)
    this.#server.send(`${lines.join('\r\n')}${BLANK}`)
  }

  /** How long a recorder, also one that has ended, was silenced without a break. */
  silencedMs(received: string): number {
    return this.#silences.longestMs(received)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
  }

  #hear(client: Client, message: string): void {
    const fields = fieldsOf(message.split('\r\n'))
    const name = fields['action']?.toLowerCase() ?? ''
    const reply = name === 'login' ? this.#login(client) : client.isListening ? (this.#actions[name]?.(fields) ?? 'Response: Error\r\nMessage: Invalid/unknown command') : 'Response: Error\r\nMessage: Permission denied'
    const id = `ActionID: ${fields['actionid'] ?? ''}`
    for (const one of typeof reply === 'string' ? [reply] : reply) {
      const [first = '', ...rest] = one.split('\r\n')
      client.write(`${[first, id, ...rest].join('\r\n')}${BLANK}`)
    }
    if (name === 'login') client.write(`Event: FullyBooted\r\nPrivilege: system,all\r\nTimestamp: ${stamp()}\r\nUptime: ${Math.floor((Date.now() - this.bootedAtMs) / 1000)}\r\nLastReload: 1\r\nStatus: Fully Booted${BLANK}`)
  }

  #login(client: Client): string {
    client.isListening = true
    return `${success()}\r\nMessage: Authentication accepted`
  }

  #learn(name: string, fields: Fields, lines: readonly string[]): void {
    const uniqueId = fields['uniqueid']
    if (uniqueId === undefined) return
    if (name === 'Hangup') {
      this.channels.delete(uniqueId)
      return
    }
    let channel = this.channels.get(uniqueId)
    if (channel === undefined) {
      if (name !== 'Newchannel') return
      channel = { uniqueId, description: [], dialled: fields['exten'] ?? '', bridgeId: '', variables: new Map(), recorders: new Map() }
      this.channels.set(uniqueId, channel)
    }
    const description = lines.filter((line) => DESCRIPTION.has(line.slice(0, line.indexOf(':'))))
    if (description.length === DESCRIPTION.size) channel.description = description
    if (name === 'BridgeEnter') channel.bridgeId = fields['bridgeuniqueid'] ?? ''
    if (name === 'BridgeLeave') channel.bridgeId = ''
    if (name === 'UserEvent' && fields['userevent'] === 'HoldfastNative') this.#begin(channel, fields['recorder'] ?? '', `native ${uniqueId}`)
  }

  #setVariable({ channel: uniqueId, variable = '', value = '' }: Fields): string {
    if (uniqueId === undefined) {
      this.globals.set(variable, value)
      return success()
    }
    const channel = this.channels.get(uniqueId)
    if (channel === undefined) return GONE
    channel.variables.set(variable, value)
    this.#events.variable?.(channel, variable, value)
    return success()
  }

  #getVariable({ channel: uniqueId = '', variable = '' }: Fields): string {
    const channel = this.channels.get(uniqueId)
    return channel === undefined ? GONE : `${success()}\r\nVariable: ${variable}\r\nValue: ${channel.variables.get(variable) ?? ''}`
  }

  #startRecorder({ channel: uniqueId = '', options = '' }: Fields): string {
    const channel = this.channels.get(uniqueId)
    if (channel === undefined) return GONE
    this.#recorders += 1
    const id = `0x${(0x7f0000000000 + this.#recorders * 16).toString(16)}`
    this.#begin(channel, id, /r\(([^)]*)\)/.exec(options)?.[1] ?? '')
    this.#tell('MixMonitorStart', channel)
    this.#events.started?.(channel)
    return `${success()}\r\nMixMonitorID: ${id}`
  }

  #begin(channel: SimulatedChannel, id: string, received: string): void {
    const recorder: SimulatedRecorder = { id, received }
    channel.recorders.set(id, recorder)
    channel.variables.set('HOLDFAST_MMID', id)
  }

  #stopRecorder({ channel: uniqueId = '', mixmonitorid = '' }: Fields): string {
    const channel = this.channels.get(uniqueId)
    if (channel === undefined) return GONE
    if (!channel.recorders.has(mixmonitorid)) return NO_RECORDER.stop
    channel.recorders.delete(mixmonitorid)
    this.#tell('MixMonitorStop', channel)
    this.#events.stopped?.(channel)
    return success()
  }

  #mute({ channel: uniqueId = '', mixmonitorid = '', state = '' }: Fields): string {
    const channel = this.channels.get(uniqueId)
    if (channel === undefined) return GONE
    const recorder = channel.recorders.get(mixmonitorid)
    if (recorder === undefined) return NO_RECORDER.mute
    this.#silences.change(recorder.received, state === '1' ? 'silent' : 'heard')
    this.#tell('MixMonitorMute', channel, ['Direction: both', `State: ${state}`])
    return success()
  }

  #forget(below: string): string {
    const keys = [...this.database.keys()].filter((key) => key.startsWith(below))
    for (const key of keys) this.database.delete(key)
    return keys.length === 0 ? 'Response: Error\r\nMessage: Database entry not found' : success()
  }

  #tell(name: string, { description }: SimulatedChannel, more: readonly string[] = []): void {
    this.#server.send(`${[`Event: ${name}`, 'Privilege: call,all', `Timestamp: ${stamp()}`, ...description, ...more].join('\r\n')}${BLANK}`)
  }
}

function success(): string {
  return 'Response: Success'
}

function list(name: string, items: readonly (readonly string[])[]): readonly string[] {
  return [`${success()}\r\nEventList: start`, ...items.map((lines) => lines.join('\r\n')), `Event: ${name}Complete\r\nEventList: Complete\r\nListItems: ${items.length}`]
}

function statusOf({ description, dialled, bridgeId, variables }: SimulatedChannel): readonly string[] {
  return ['Event: Status', ...description, 'Type: PJSIP', `DNID: ${dialled}`, `BridgeID: ${bridgeId}`, `Variable: HOLDFAST_MMID=${variables.get('HOLDFAST_MMID') ?? '(null)'}`]
}

function stamp(): string {
  return (Date.now() / 1000).toFixed(6)
}

/** Names in lower case: AMI does not tell them apart. The first of each counts. */
function fieldsOf(lines: readonly string[]): Fields {
  const fields: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    fields[line.slice(0, colon).toLowerCase()] ??= line.slice(colon + 1).trim()
  }
  return fields
}
