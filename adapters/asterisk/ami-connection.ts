import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import Manager, { type Manager as AmiManager } from 'asterisk-manager'
import { HoldfastError } from '../../core/domain/errors.ts'
import { withDeadline } from '../wire/deadlines.ts'
import { guardedField } from '../wire/line-guard.ts'
import { type AmiAction, guardedFields, MAX_AMI_LINE_BYTES } from './ami-action.ts'
import { type AmiMessage, amiMessage } from './ami-message.ts'
import { accepted } from './ami-replies.ts'
import { type AmiEndpoint, openRoute } from './ami-route.ts'
import { socketOf } from './socket-of.ts'

/** A local network answers in a millisecond, TLS over a distance in a second. */
const CONNECT_DEADLINE_MS = 5_000
/** Asterisk answers a login at once, also a wrong one. */
const LOGIN_DEADLINE_MS = 5_000
/** Replies take 2 ms, and 330 ms at the 99th percentile of a machine without a free core (measured). */
const ACTION_DEADLINE_MS = 5_000
/** A list of thousands of channels under load. */
const LIST_DEADLINE_MS = 15_000
/** Twenty times the largest message of a real Asterisk, a VarSet of 8 KB: who sends more without an end is not one. */
const MAX_MESSAGE_CHARACTERS = 262_144
/** More than any Asterisk has channels or notes; each is held in memory until the list is complete. */
const MAX_LIST_ITEMS = 100_000
/** Source: asterisk-manager 0.2.0 lib/ami.js, ManagerReader */
const FOLLOW = /^response:(?=.*follow)/gim

interface Pending {
  readonly items: AmiMessage[] | null
  readonly resolve: (messages: readonly AmiMessage[]) => void
  readonly reject: (error: HoldfastError) => void
}

export interface ConnectionEvents {
  /** Every event, in order; not the replies. Called synchronously. */
  readonly event: (message: AmiMessage) => void
  /** An event whose rest followed as a message of its own: it was broken by line breaks in a call, and tells of whom the caller likes. */
  readonly withheld?: (message: AmiMessage) => void
  /** Something threw while a message was handled. The connection goes on. */
  readonly fault: (error: unknown) => void
}

/**
 * One AMI connection, from the login to its end; never used again after it. asterisk-manager writes, parses and logs in.
 * Its dispatcher is unplugged, because it puts events, ActionIDs and the socket's own signals into one emitter: an `Event: rawevent`
 * from the wire sends it into an endless loop, an `Event: close` looks like the end of the socket, and nothing has a deadline.
 */
export class AmiConnection {
  /** Resolves once, with the reason. */
  readonly closed: Promise<string>
  readonly #manager: AmiManager
  readonly #events: ConnectionEvents
  readonly #pending = new Map<string, Pending>()
  readonly #resolveClosed: (reason: string) => void
  #socket: Socket | null = null
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #unfinishedCharacters = 0
  /** An event, until it is seen that nothing of it is left over: Asterisk writes each in one piece. */
  #heldBack: AmiMessage | null = null

  private constructor(endpoint: AmiEndpoint, events: ConnectionEvents) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.closed = promise
    this.#resolveClosed = resolve
    this.#events = events
    this.#manager = new Manager(null, endpoint.host, endpoint.username, endpoint.secret, false)
    this.#manager.removeAllListeners('rawevent')
    this.#manager.on('rawevent', (item: object) => this.#receive(item))
  }

  /**
   * Connects and logs in.
   * @throws HoldfastError `PBX_UNREACHABLE`; `PBX_TIMEOUT`; `PBX_REFUSED` when the login is; `FIELD_REFUSED` for credentials that cannot be sent
   */
  static async open(endpoint: AmiEndpoint, events: ConnectionEvents): Promise<AmiConnection> {
    for (const name of ['username', 'secret'] as const) guardedField({ name, value: endpoint[name], maxBytes: MAX_AMI_LINE_BYTES - 'Username: '.length })
    const connection = new AmiConnection(endpoint, events)
    try {
      await connection.#connect(endpoint)
      await connection.#login()
      return connection
    } catch (error) {
      connection.close('not established')
      throw error
    }
  }

  /**
   * The reply to one action.
   * @throws HoldfastError `CHANNEL_GONE`, `PBX_REFUSED`; `PBX_UNREACHABLE`, `PBX_TIMEOUT` (whether it was done is then unknown); `FIELD_REFUSED`
   */
  async request(action: AmiAction): Promise<AmiMessage> {
    const [reply] = await this.#send(action, null, ACTION_DEADLINE_MS)
    if (reply === undefined) throw new HoldfastError('PBX_REFUSED', `Asterisk gave no reply to ${action.name}`, { action: action.name })
    return accepted(action.name, reply)
  }

  /** The events of a list, its frame left out. Errors as `request`. */
  async list(action: AmiAction): Promise<readonly AmiMessage[]> {
    const [reply, ...items] = await this.#send(action, [], LIST_DEADLINE_MS)
    if (reply !== undefined) accepted(action.name, reply)
    return items
  }

  /** Ends it at once; what waits for a reply is refused. Idempotent. */
  close(reason: string): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#socket?.destroy()
    this.#manager.disconnect()
    for (const [, pending] of this.#pending) pending.reject(new HoldfastError('PBX_UNREACHABLE', 'the AMI connection ended before the reply came'))
    this.#pending.clear()
    this.#resolveClosed(reason)
  }

  async #connect(endpoint: AmiEndpoint): Promise<void> {
    const { promise: connected, resolve, reject } = Promise.withResolvers<void>()
    const refuse = (cause: unknown): void => reject(new HoldfastError('PBX_UNREACHABLE', `no AMI connection to ${endpoint.host}:${endpoint.port}: ${codeOf(cause)}`, {}, { cause }))
    const route = await openRoute(endpoint)
    try {
      const socket = socketOf(() => this.#manager.connect(route.target, endpoint.host, resolve))
      this.#socket = socket
      this.#manager.on('error', refuse)
      withoutFollow(socket)
      socket.on('data', (text: string) => this.#settle(text))
      socket.on('close', () => {
        refuse(new Error('closed'))
        this.close('closed by the network or by Asterisk')
      })
      await withDeadline(connected, { ms: CONNECT_DEADLINE_MS, what: 'connecting to Asterisk' })
    } finally {
      await route.established()
    }
  }

  async #login(): Promise<void> {
    const { promise: answered, resolve, reject } = Promise.withResolvers<void>()
    void this.closed.then(() => reject(new HoldfastError('PBX_UNREACHABLE', 'Asterisk ended the connection before the login was answered')))
    this.#manager.login((refusal) => {
      if (refusal === undefined) resolve()
      else reject(new HoldfastError('PBX_REFUSED', `Asterisk refused the AMI login: ${amiMessage(refusal).get('Message') ?? ''}`, { action: 'Login' }))
    })
    await withDeadline(answered, { ms: LOGIN_DEADLINE_MS, what: 'the AMI login' })
    if (this.#state === 'opening') this.#state = 'open'
  }

  async #send(action: AmiAction, items: AmiMessage[] | null, deadlineMs: number): Promise<readonly AmiMessage[]> {
    // asterisk-manager would hold an action until after the next login and send it into another situation.
    if (this.#state !== 'open') throw new HoldfastError('PBX_UNREACHABLE', 'the AMI connection is not open')
    const fields = guardedFields(action)
    const actionId = `holdfast-${randomUUID()}`
    const { promise, resolve, reject } = Promise.withResolvers<readonly AmiMessage[]>()
    this.#pending.set(actionId, { items, resolve, reject })
    this.#manager.action({ ...fields, actionid: actionId }, ignore)
    this.#manager.removeAllListeners(actionId)
    try {
      return await withDeadline(promise, { ms: deadlineMs, what: action.name })
    } finally {
      this.#pending.delete(actionId)
    }
  }

  #receive(item: object): void {
    try {
      const message = amiMessage(item)
      if (message.names.length === 0) return
      if (this.#state === 'opening' || isOwnBeginning(message)) this.#release()
      else this.#withhold()
      if (this.#state === 'opening') this.#passToLogin(item, message)
      const pending = this.#pending.get(message.get('ActionID') ?? '')
      if (pending !== undefined) answer(pending, message)
      else if (this.#state !== 'closed' && message.get('Event') !== null) this.#heldBack = message
      // The rest of a message that somebody broke in two by line breaks in a call.
      else if (this.#state === 'open' && message.get('Response') === null) this.#events.fault(new HoldfastError('PBX_REFUSED', 'a message of neither event nor reply: somebody writes line breaks into a call'))
    } catch (error) {
      this.#events.fault(error)
    }
  }

  #release(): void {
    const message = this.#heldBack
    this.#heldBack = null
    if (message === null || this.#state === 'closed') return
    try {
      this.#events.event(message)
    } catch (error) {
      this.#events.fault(error)
    }
  }

  /** What follows is the rest of what was taken for an event: whoever broke it wrote its end, and whose event that tells of. */
  #withhold(): void {
    if (this.#heldBack !== null) this.#events.withheld?.(this.#heldBack)
    this.#heldBack = null
  }

  /** The package's login waits for its own ActionID, which is made of digits, to be emitted. */
  #passToLogin(item: object, message: AmiMessage): void {
    const actionId = message.get('ActionID') ?? ''
    const response = message.get('Response')
    if (response === null || !/^\d+$/.test(actionId)) return
    this.#manager.emit(actionId, response.toLowerCase() === 'error' ? item : undefined, item)
  }

  /** Behind the package's reader, for the same piece. */
  #settle(text: string): void {
    this.#release()
    const end = Math.max(text.lastIndexOf('\n\r\n'), text.lastIndexOf('\n\n'))
    this.#unfinishedCharacters = end === -1 ? this.#unfinishedCharacters + text.length : text.length - end
    if (this.#unfinishedCharacters > MAX_MESSAGE_CHARACTERS) this.close('a message without end')
  }
}

/**
 * asterisk-manager takes `Response: Follows`, the old reply to a command, for the begin of free text, and delivers nothing until its
 * end: a caller who writes that line makes it deaf. We never send a command, so the line is nothing to us.
 */
function withoutFollow(socket: Socket): void {
  const readers = socket.listeners('data') as ((text: string) => void)[]
  socket.removeAllListeners('data')
  let unfinished = ''
  socket.on('data', (text: string) => {
    unfinished += text
    const end = unfinished.lastIndexOf('\n') + 1
    const whole = unfinished.slice(0, end).replace(FOLLOW, 'X-Response:')
    unfinished = unfinished.slice(end)
    if (whole !== '') for (const read of readers) read(whole)
  })
}

/** How Asterisk begins an event, a reply and an item of a list; for each a caller who has to end another message first has no room. */
function isOwnBeginning(message: AmiMessage): boolean {
  const [first, second] = message.names
  const isOurs = /^holdfast-[0-9a-f-]{36}$/.test(message.get('ActionID') ?? '')
  return first === 'event' ? second === 'privilege' || isOurs : first === 'response' && isOurs
}

function answer(pending: Pending, message: AmiMessage): void {
  if (pending.items === null || message.get('Response')?.toLowerCase() === 'error') {
    pending.resolve([message])
    return
  }
  // By the name of the event, too, which no caller can write: `EventList` alone may be a forged header of an item.
  if (message.get('EventList')?.toLowerCase() === 'complete' && message.get('Event')?.endsWith('Complete') === true) pending.resolve(pending.items)
  else if (pending.items.push(message) > MAX_LIST_ITEMS) pending.reject(new HoldfastError('PBX_REFUSED', 'Asterisk sent a list without end'))
}

function codeOf(cause: unknown): string {
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
}

function ignore(): void {
  // Replies reach us through `rawevent`; the package's own listener is taken away at once.
}
