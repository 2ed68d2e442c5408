import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

const MESSAGE_END = '\r\n\r\n'
const LINE_END = '\r\n'

/**
 * What becomes of a `MixMonitorMute` that silences.
 * - `acknowledged`: the answer is yes; Asterisk never hears of it.
 * - `pretended`: so too, and an event tells that it was done.
 * - `late`: it is passed on after a while, and so is the answer.
 * - `answered-twice`: it is passed on, and its answer comes twice.
 * - `unanswered`: nobody hears of it.
 */
export const MUTE_FAULTS = ['acknowledged', 'pretended', 'late', 'answered-twice', 'unanswered'] as const
export type MuteFault = (typeof MUTE_FAULTS)[number]

type Fields = ReadonlyMap<string, string>

/** Stands between Holdfast and an Asterisk on the manager interface, and is honest until it is told otherwise. */
export class AmiProxy implements AsyncDisposable {
  /** `null`: everything is passed on. */
  fault: MuteFault | null = null
  /** Whether Holdfast may connect. */
  isOpen = true
  /** Of `late`. */
  lateMs = 1000
  /** Mutes that silence, which were asked for since the beginning. */
  mutes = 0
  /** How far the clock seems to be ahead by which Asterisk dates its events and answers. */
  shiftMs = 0
  readonly #server: Server
  readonly #pairs = new Set<Pair>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(amiPort: number): Promise<AmiProxy> {
    const server = createServer()
    const proxy = new AmiProxy(server)
    server.on('connection', (holdfast) => {
      if (!proxy.isOpen) {
        holdfast.destroy()
        return
      }
      const pair = new Pair(holdfast, connect(amiPort, '127.0.0.1'), proxy)
      proxy.#pairs.add(pair)
      pair.closed(() => proxy.#pairs.delete(pair))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The link breaks, and stays so until it is mended. */
  cut(): void {
    this.isOpen = false
    for (const pair of this.#pairs) pair.destroy()
  }

  mend(): void {
    this.isOpen = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

/** One connection of Holdfast, and ours to Asterisk. */
class Pair {
  readonly #holdfast: Socket
  readonly #asterisk: Socket
  readonly #proxy: AmiProxy
  /** The last event of each leg: what a forged one is made of. */
  readonly #lastOf = new Map<string, string>()
  readonly #twice = new Set<string>()
  #fromHoldfast = ''
  #fromAsterisk = ''
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(holdfast: Socket, asterisk: Socket, proxy: AmiProxy) {
    this.#holdfast = holdfast
    this.#asterisk = asterisk
    this.#proxy = proxy
    for (const socket of [holdfast, asterisk]) {
      socket.on('error', () => this.destroy())
      socket.on('close', () => this.destroy())
    }
    holdfast.setEncoding('latin1').on('data', (text: string) => this.#take(text))
    asterisk.setEncoding('latin1').on('data', (text: string) => this.#tell(text))
  }

  closed(then: () => void): void {
    this.#holdfast.once('close', then)
  }

  destroy(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#holdfast.destroy()
    this.#asterisk.destroy()
  }

  #take(text: string): void {
    this.#fromHoldfast += text
    for (let end = this.#fromHoldfast.indexOf(MESSAGE_END); end !== -1; end = this.#fromHoldfast.indexOf(MESSAGE_END)) {
      const message = this.#fromHoldfast.slice(0, end + MESSAGE_END.length)
      this.#fromHoldfast = this.#fromHoldfast.slice(message.length)
      this.#pass(message)
    }
  }

  #pass(message: string): void {
    const fields = fieldsOf(message)
    const isMute = fields.get('action')?.toLowerCase() === 'mixmonitormute' && fields.get('state') === '1'
    if (isMute) this.#proxy.mutes += 1
    const { fault, lateMs } = this.#proxy
    if (!isMute || fault === null) {
      this.#asterisk.write(message, 'latin1')
      return
    }
    const actionId = fields.get('actionid') ?? ''
    const acts: Readonly<Record<MuteFault, () => void>> = {
      acknowledged: () => this.#answer(actionId),
      pretended: () => {
        this.#pretend(fields.get('channel') ?? '')
        this.#answer(actionId)
      },
      late: () => this.#after(lateMs, () => this.#asterisk.write(message, 'latin1')),
      'answered-twice': () => {
        this.#twice.add(actionId)
        this.#asterisk.write(message, 'latin1')
      },
      unanswered: () => undefined,
    }
    acts[fault]()
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
  }

  #answer(actionId: string): void {
    this.#holdfast.write(`Response: Success\r\nActionID: ${actionId}\r\nMessage: Channel muted\r\n\r\n`, 'latin1')
  }

  /** An event as Asterisk writes it, made of the last one that it wrote of this leg. */
  #pretend(channelId: string): void {
    const last = this.#lastOf.get(channelId)
    if (last === undefined) throw new Error(`nothing was told of ${channelId}`)
    const lines = last.trimEnd().split(LINE_END).filter((line) => SNAPSHOT.has(line.slice(0, line.indexOf(':')).toLowerCase()))
    const now = Date.now()
    const event = ['Event: MixMonitorMute', 'Privilege: call,all', `Timestamp: ${(now / 1000).toFixed(6)}`, ...lines, 'Direction: both', 'State: 1']
    this.#holdfast.write(event.join(LINE_END) + MESSAGE_END, 'latin1')
  }

  /** Whole messages only, so that ours come between two of them. The greeting is a line by itself. */
  #tell(text: string): void {
    this.#fromAsterisk += text
    if (this.#fromAsterisk.startsWith('Asterisk Call Manager')) {
      const end = this.#fromAsterisk.indexOf(LINE_END) + LINE_END.length
      this.#holdfast.write(this.#fromAsterisk.slice(0, end), 'latin1')
      this.#fromAsterisk = this.#fromAsterisk.slice(end)
    }
    for (let end = this.#fromAsterisk.indexOf(MESSAGE_END); end !== -1; end = this.#fromAsterisk.indexOf(MESSAGE_END)) {
      const told = this.#fromAsterisk.slice(0, end + MESSAGE_END.length)
      this.#fromAsterisk = this.#fromAsterisk.slice(told.length)
      const message = shifted(told, this.#proxy.shiftMs)
      const fields = fieldsOf(message)
      if (fields.has('event') && fields.has('uniqueid')) this.#lastOf.set(fields.get('uniqueid') ?? '', message)
      this.#holdfast.write(message, 'latin1')
      if (this.#twice.delete(fields.get('actionid') ?? '')) this.#holdfast.write(message, 'latin1')
    }
  }
}

/** Events and the answer to Ping are dated by the same header. */
function shifted(message: string, ms: number): string {
  return ms === 0 ? message : message.replaceAll(/^Timestamp: ([0-9]+\.[0-9]+)\r$/gm, (_, seconds: string) => `Timestamp: ${(Number(seconds) + ms / 1000).toFixed(6)}\r`)
}

/** The channel's own headers in an event. Source: Asterisk 22 main/manager_channels.c, ast_manager_build_channel_state_string_prefix */
const SNAPSHOT = new Set([
  'channel', 'channelstate', 'channelstatedesc', 'calleridnum', 'calleridname', 'connectedlinenum', 'connectedlinename', 'language', 'accountcode',
  'context', 'exten', 'priority', 'uniqueid', 'linkedid',
])

function fieldsOf(message: string): Fields {
  return new Map(message.split(LINE_END).map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
  }))
}
