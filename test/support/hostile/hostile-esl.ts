import type { Socket } from 'node:net'
import { LoopbackServer, wholeMessages } from '../loopback-server.ts'

/** What is sent back to a line; `null` says nothing at all. */
export type EslAnswer = (line: string) => string | null

/** Speaks the event socket's protocol as far as it is told to, and badly where it is told to. */
export class HostileEsl implements AsyncDisposable {
  /** Every line that reached us, in order, without the login. */
  readonly lines: string[] = []
  connections = 0
  greeting = 'Content-Type: auth/request\n\n'
  answer: EslAnswer = ordinaryAnswer
  readonly #server = new LoopbackServer()
  readonly #sockets = new Set<Socket>()

  static async open(): Promise<HostileEsl> {
    const esl = new HostileEsl()
    await esl.#server.listen((socket) => esl.#serve(socket))
    return esl
  }

  get port(): number {
    return this.#server.port
  }

  /** Bytes as they are, to every connection. */
  send(bytes: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes)
  }

  event(headers: Readonly<Record<string, unknown>>): void {
    this.send(jsonEvent(JSON.stringify(headers)))
  }

  drop(how: 'end' | 'reset'): void {
    for (const socket of this.#sockets) how === 'end' ? socket.destroy() : socket.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop('end')
    await this.#server[Symbol.asyncDispose]()
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write(this.greeting)
    socket.setEncoding('utf8').on('data', wholeMessages('\n\n', (line) => {
      if (!line.startsWith('auth ')) this.lines.push(line)
      const answer = this.answer(line)
      if (answer !== null) socket.write(answer)
    }))
  }
}

export function ordinaryAnswer(line: string): string {
  if (line.startsWith('api ')) return apiResponse('+OK Success\n')
  return commandReply(line.startsWith('auth ') ? '+OK accepted' : '+OK')
}

export function commandReply(text: string): string {
  return `Content-Type: command/reply\nReply-Text: ${text}\n\n`
}

export function apiResponse(body: string): string {
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`
}

export function jsonEvent(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}\nContent-Type: text/event-json\n\n${json}`
}
