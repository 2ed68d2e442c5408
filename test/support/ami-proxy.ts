import type { Socket } from 'node:net'
import { wholeMessages } from './loopback-server.ts'
import { MaskProxy, type MaskFault, type ProxiedPair } from './mask-proxy.ts'

const MESSAGE_END = '\r\n\r\n'
const LINE_END = '\r\n'

type Fields = ReadonlyMap<string, string>

/** Stands between Holdfast and an Asterisk on the manager interface. `pretended`: an event tells of the mute. */
export class AmiProxy extends MaskProxy {
  /** How far the clock seems to be ahead by which Asterisk dates its events and answers. */
  shiftMs = 0

  static async open(amiPort: number): Promise<AmiProxy> {
    const proxy = new AmiProxy()
    await proxy.listen(amiPort)
    return proxy
  }

  protected override join(holdfast: Socket, asterisk: Socket): Pair {
    return new Pair(holdfast, asterisk, this)
  }
}

/** One connection of Holdfast, and ours to Asterisk. */
class Pair implements ProxiedPair {
  readonly #holdfast: Socket
  readonly #asterisk: Socket
  readonly #proxy: AmiProxy
  /** The last event of each leg: what a forged one is made of. */
  readonly #lastOf = new Map<string, string>()
  readonly #twice = new Set<string>()
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
    holdfast.setEncoding('latin1').on('data', wholeMessages(MESSAGE_END, (message) => this.#pass(message + MESSAGE_END)))
    asterisk.setEncoding('latin1').on('data', (text: string) => this.#tell(text))
  }

  destroy(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#holdfast.destroy()
    this.#asterisk.destroy()
  }

  #pass(message: string): void {
    const fields = fieldsOf(message)
    const isMute = fields.get('action')?.toLowerCase() === 'mixmonitormute' && fields.get('state') === '1'
    if (isMute) this.#proxy.masks += 1
    const { fault, lateMs } = this.#proxy
    if (!isMute || fault === null) {
      this.#asterisk.write(message, 'latin1')
      return
    }
    const actionId = fields.get('actionid') ?? ''
    const acts: Readonly<Record<MaskFault, () => void>> = {
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
