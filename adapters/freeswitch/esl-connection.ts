import modesl, { type Connection as ModeslConnection } from 'modesl'
import { HoldfastError } from '../../core/domain/errors.ts'
import { withDeadline } from '../wire/deadlines.ts'
import { guardedField } from '../wire/line-guard.ts'
import { eslMessage, type EslMessage } from './esl-message.ts'

/** Where a FreeSWITCH's event socket is. It knows no TLS: the loopback interface, or a tunnel. Source: mod_event_socket 1.10 and 1.11 */
export interface EslEndpoint {
  readonly host: string
  readonly port: number
  readonly password: string
}

/** A local network answers in a millisecond, a tunnel over a distance in a second. */
const CONNECT_DEADLINE_MS = 5_000
/** FreeSWITCH greets and answers a login at once; under full load after seconds. */
const LOGIN_DEADLINE_MS = 5_000
/** Replies take 4 to 14 ms, and six seconds on a saturated machine (measured): later than this nobody waits for them. */
export const COMMAND_DEADLINE_MS = 5_000
/** FreeSWITCH reads 60 KB and more; nothing that we say is longer. */
const MAX_LINE_BYTES = 16_384
/** A list of thousands of channels under load. */
const LIST_DEADLINE_MS = 15_000
/** Ten times the longest event that was seen: variables of 60 KB each. Who sends more without an end is no FreeSWITCH. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** A list of channels has about 1 KB for each: more than any FreeSWITCH has. */
const MAX_LIST_BYTES = 32 * 1024 * 1024

interface Pending {
  readonly resolve: (message: EslMessage) => void
  readonly reject: (error: HoldfastError) => void
}

export interface EslConnectionEvents {
  /** Every event and log line, in order; not the replies. Called synchronously. */
  readonly event: (message: EslMessage) => void
  /** Something threw while a message was handled, or was no message. The connection goes on. */
  readonly fault: (error: unknown) => void
}

/**
 * One connection to an event socket, from the login to its end; never used again after it. modesl writes and parses.
 * Its dispatcher is unplugged: replies to `execute` take the place of others, a connection that is reset is never noticed,
 * nothing has a deadline, and a line that no `decodeURIComponent` can read throws where nobody catches.
 */
export class EslConnection {
  /** Resolves once, with the reason. */
  readonly closed: Promise<string>
  readonly #modesl: ModeslConnection
  readonly #events: EslConnectionEvents
  readonly #resolveClosed: (reason: string) => void
  /** FreeSWITCH answers in the order in which it was asked. One that nobody waits for any more keeps its place. */
  readonly #replies: Pending[] = []
  readonly #responses: Pending[] = []
  readonly #greeted = Promise.withResolvers<void>()
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #unreadBytes = 0
  #listsAwaited = 0

  private constructor({ host, port, password }: EslEndpoint, events: EslConnectionEvents) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.closed = promise
    this.#resolveClosed = resolve
    this.#events = events
    this.#greeted.promise.catch(() => undefined)
    this.#modesl = new modesl.Connection(host, port, password)
    this.#modesl.on('error', (cause) => this.#refuse(cause))
    this.#modesl.on('esl::connect', () => this.#takeOver())
    this.#modesl.socket.on('close', () => this.#refuse(new Error('closed by the network or by FreeSWITCH')))
  }

  /**
   * Connects and logs in.
   * @throws HoldfastError `PBX_UNREACHABLE`; `PBX_TIMEOUT`; `PBX_REFUSED` when the login or our address is; `FIELD_REFUSED` for a password that cannot be sent
   */
  static async open(endpoint: EslEndpoint, events: EslConnectionEvents): Promise<EslConnection> {
    const password = guardedField({ name: 'password', value: endpoint.password, maxBytes: MAX_LINE_BYTES })
    const connection = new EslConnection(endpoint, events)
    try {
      await withDeadline(connection.#greeted.promise, { ms: CONNECT_DEADLINE_MS, what: 'connecting to FreeSWITCH' })
      const reply = await connection.#ask(`auth ${password}`, connection.#replies, LOGIN_DEADLINE_MS)
      if (reply.get('Reply-Text')?.startsWith('+OK') !== true) throw new HoldfastError('PBX_REFUSED', 'FreeSWITCH refused the password of its event socket', { command: 'auth' })
      connection.#state = 'open'
      return connection
    } catch (error) {
      connection.close('not established')
      throw error
    }
  }

  /**
   * What the event socket itself answered to a command (`event`, `log`, `filter` …).
   * @throws HoldfastError `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT` (whether it was done is then unknown); `FIELD_REFUSED`
   */
  async command(line: string): Promise<EslMessage> {
    this.#demandOpen()
    const reply = await this.#ask(line, this.#replies, COMMAND_DEADLINE_MS)
    const text = reply.get('Reply-Text') ?? ''
    if (!text.startsWith('-ERR')) return reply
    throw new HoldfastError('PBX_REFUSED', `FreeSWITCH refused ${firstWord(line)}: ${text.slice('-ERR '.length)}`, { command: firstWord(line) })
  }

  /** What an API command printed, as it is: `-ERR` is an answer. Errors as `command`, but for `PBX_REFUSED`. */
  async api(line: string): Promise<string> {
    this.#demandOpen()
    const response = await this.#ask(`api ${line}`, this.#responses, COMMAND_DEADLINE_MS)
    return response.body
  }

  /** What an API command printed that lists something. Errors as `api`. */
  async list(line: string): Promise<string> {
    this.#demandOpen()
    this.#listsAwaited += 1
    try {
      const response = await this.#ask(`api ${line}`, this.#responses, LIST_DEADLINE_MS)
      return response.body
    } finally {
      this.#listsAwaited -= 1
    }
  }

  /** Ends it at once; what waits for an answer is refused. Idempotent. */
  close(reason: string): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#modesl.socket?.destroy()
    const ended = new HoldfastError('PBX_UNREACHABLE', `the event socket ended: ${reason}`)
    this.#greeted.reject(ended)
    for (const pending of [...this.#replies, ...this.#responses]) pending.reject(ended)
    this.#resolveClosed(reason)
  }

  /** modesl has made its parser in this moment: what it reads comes to us alone, and its own login is never made. */
  #takeOver(): void {
    const { parser, socket } = this.#modesl
    parser.removeAllListeners('esl::event')
    parser.removeAllListeners('error')
    parser.on('esl::event', (event, headers, body) => this.#receive(eslMessage(event, headers, body)))
    parser.on('error', (error) => this.#events.fault(error))
    socket.setNoDelay(true)
    const readers = socket.listeners('data') as ((bytes: Buffer) => void)[]
    socket.removeAllListeners('data')
    socket.on('data', (bytes: Buffer) => this.#read(bytes, readers))
  }

  #read(bytes: Buffer, readers: readonly ((bytes: Buffer) => void)[]): void {
    this.#unreadBytes += bytes.length
    if (this.#unreadBytes > (this.#listsAwaited > 0 ? MAX_LIST_BYTES : MAX_MESSAGE_BYTES)) {
      this.close('a message without end')
      return
    }
    try {
      for (const read of readers) read(bytes)
    } catch (error) {
      // The parser stands in the middle of a message: what follows would be read as something else.
      this.#events.fault(error)
      this.close('a message that cannot be read')
    }
  }

  #receive(message: EslMessage): void {
    if (this.#state === 'closed') return
    this.#unreadBytes = 0
    switch (message.kind) {
      case 'auth/request': this.#greeted.resolve()
        return
      case 'command/reply': this.#answer(this.#replies, message)
        return
      case 'api/response': this.#answer(this.#responses, message)
        return
      case 'text/rude-rejection': this.#greeted.reject(new HoldfastError('PBX_REFUSED', 'FreeSWITCH refuses our address: its event socket has an access list (apply-inbound-acl)', { command: 'connect' }))
        return
      case 'text/disconnect-notice': this.close('FreeSWITCH says goodbye')
        return
      default: this.#tell(message)
    }
  }

  /** Answers belong to questions by their order alone: after one too many, every other would be told for the one before it. */
  #answer(waiting: Pending[], message: EslMessage): void {
    const asked = waiting.shift()
    if (asked === undefined) this.close('an answer that nobody asked for')
    else asked.resolve(message)
  }

  #tell(message: EslMessage): void {
    try {
      this.#events.event(message)
    } catch (error) {
      this.#events.fault(error)
    }
  }

  async #ask(line: string, waiting: Pending[], ms: number): Promise<EslMessage> {
    const guarded = guardedField({ name: firstWord(line), value: line, maxBytes: MAX_LINE_BYTES })
    const { promise, resolve, reject } = Promise.withResolvers<EslMessage>()
    waiting.push({ resolve, reject })
    this.#modesl.send(guarded)
    return await withDeadline(promise, { ms, what: firstWord(line) })
  }

  #demandOpen(): void {
    if (this.#state !== 'open') throw new HoldfastError('PBX_UNREACHABLE', 'the event socket is not open')
  }

  #refuse(cause: unknown): void {
    const code = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
    this.close(code)
  }
}

/** Names a command in errors: its arguments may hold a password or a caller's data. */
function firstWord(line: string): string {
  const [first = '', second = ''] = line.split(' ', 2)
  return first === 'api' ? second : first
}
