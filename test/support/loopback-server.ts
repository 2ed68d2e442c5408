import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A TCP server on a free port of the loopback interface. */
export class LoopbackServer implements AsyncDisposable {
  readonly #server = createServer()

  async listen(serve: (socket: Socket) => void): Promise<void> {
    this.#server.on('connection', serve)
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves when the last connection has ended: whoever serves them ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

/** Takes the text of a stream piece by piece, and gives each message, without its end, when it is whole. */
export function wholeMessages(end: string, hear: (message: string) => void): (text: string) => void {
  let unread = ''
  return (text) => {
    const messages = (unread + text).split(end)
    unread = messages.pop() ?? ''
    for (const message of messages) hear(message)
  }
}
