import type { Socket } from 'node:net'
import { LoopbackServer, wholeMessages } from '../loopback-server.ts'
import { wholeEvent } from './ami-fixture.ts'

/** Names in lower case: AMI does not tell them apart. */
export type AmiFields = Readonly<Record<string, string>>
/** What is sent back, without the ActionID and the blank line; `null` says nothing at all. */
export type AmiAnswer = (fields: AmiFields) => string | readonly string[] | null

const ANSWERS: Readonly<Record<string, AmiAnswer>> = {
  Login: () => ['Response: Success\r\nMessage: Authentication accepted', 'Event: FullyBooted\r\nUptime: 100'],
  Ping: () => `Response: Success\r\nPing: Pong\r\nTimestamp: ${Date.now() / 1000}`,
  Status: () => ['Response: Success\r\nEventList: start', 'Event: StatusComplete\r\nEventList: Complete'],
  QueueStatus: () => ['Response: Success\r\nEventList: start', 'Event: QueueStatusComplete\r\nEventList: Complete'],
  DBGetTree: () => ['Response: Success\r\nEventList: start', 'Event: DBGetTreeComplete\r\nEventList: Complete'],
}

/** Speaks AMI as far as it is told to, and badly where it is told to. */
export class HostileAmi implements AsyncDisposable {
  /** Every action that reached us, in order. */
  readonly actions: AmiFields[] = []
  connections = 0
  readonly #server = new LoopbackServer()
  readonly #answers: Map<string, AmiAnswer>
  readonly #sockets = new Set<Socket>()

  private constructor(answers: Readonly<Record<string, AmiAnswer>>) {
    this.#answers = new Map(Object.entries({ ...ANSWERS, ...answers }).map(([action, answer]) => [action.toLowerCase(), answer]))
  }

  static async open(answers: Readonly<Record<string, AmiAnswer>> = {}): Promise<HostileAmi> {
    const ami = new HostileAmi(answers)
    await ami.#server.listen((socket) => ami.#serve(socket))
    return ami
  }

  get port(): number {
    return this.#server.port
  }

  get open(): number {
    return this.#sockets.size
  }

  answer(action: string, answer: AmiAnswer): void {
    this.#answers.set(action.toLowerCase(), answer)
  }

  /** Bytes as they are, to every connection. */
  send(bytes: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes)
  }

  /** An event: behind its name the class that Asterisk writes. */
  event(name: string, ...lines: readonly string[]): void {
    this.send(`${[name, 'Privilege: call,all', ...lines].join('\r\n')}\r\n\r\n`)
  }

  /** An event with its channel whole, as Asterisk writes it. */
  channelEvent(...lines: readonly string[]): void {
    this.send(`${wholeEvent(lines.join('\n')).replaceAll('\n', '\r\n')}\r\n\r\n`)
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  actionsNamed(name: string): readonly AmiFields[] {
    return this.actions.filter((fields) => fields['action']?.toLowerCase() === name.toLowerCase())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop()
    await this.#server[Symbol.asyncDispose]()
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write('Asterisk Call Manager/11.0.0\r\n')
    socket.setEncoding('utf8').on('data', wholeMessages('\r\n\r\n', (message) => this.#answer(socket, fieldsOf(message))))
  }

  #answer(socket: Socket, fields: AmiFields): void {
    this.actions.push(fields)
    const answer = (this.#answers.get(fields['action']?.toLowerCase() ?? '') ?? (() => 'Response: Success'))(fields)
    for (const message of typeof answer === 'string' ? [answer] : (answer ?? [])) socket.write(`${message}\r\nActionID: ${fields['actionid'] ?? ''}\r\n\r\n`)
  }
}

function fieldsOf(message: string): AmiFields {
  return Object.fromEntries(message.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
}
