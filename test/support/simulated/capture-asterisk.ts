import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { USER, RealAsteriskSubject } from '../pbx/real-asterisk-subject.ts'
import { captureScenes, type SceneTape, SETTLES_MS } from './capture-scenes.ts'

/**
 * Captures the scenes that a simulated Asterisk plays, from a real one: `node test/support/simulated/capture-asterisk.ts`.
 * What commands of a service cause is left out: whoever plays the scene answers them itself.
 */
const FOLDER = join(import.meta.dirname, '../../fixtures/asterisk/scenes')
/** Where the laboratory lies is nobody's business. */
const DIRECTORY = [/^Directory: \S+$/gm, 'Directory: %2Fvar%2Fspool%2Fasterisk%2Frecording'] as const
const CAUSED_BY_COMMANDS = /^Event: (?:MixMonitor\w+|FullyBooted|SuccessfulAuth)$/m
const REPLIES = /^Response: /

/** One session on the manager interface, kept as text, in parts. */
class Tape implements SceneTape {
  readonly #socket: Socket
  #text = ''
  #parts: string[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text
    })
  }

  static async open(port: number): Promise<Tape> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const tape = new Tape(socket)
    socket.write(`Action: Login\r\nUsername: ${USER.name}\r\nSecret: ${USER.secret}\r\n\r\nAction: Events\r\nEventMask: call,user,dialplan,agent,system\r\n\r\n`)
    await delay(SETTLES_MS)
    tape.#text = ''
    return tape
  }

  /** Ends a part behind the last message that came, or behind the first that has this line. */
  part(name: string, until: string | null = null): void {
    const messages = this.#text.split('\r\n\r\n')
    const end = until === null ? messages.length - 1 : messages.findIndex((message) => message.includes(until)) + 1
    const own = messages.slice(0, end).map((message) => message.replaceAll('\r\n', '\n')).filter((message) => !CAUSED_BY_COMMANDS.test(message) && !REPLIES.test(message))
    this.#text = messages.slice(end).join('\r\n\r\n')
    this.#parts.push(`# ${name}\n${own.join('\n===\n')}`)
  }

  async save(name: string): Promise<void> {
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, `${name}.txt`), `${this.#parts.join('\n===\n').replaceAll(...DIRECTORY)}\n`)
    this.#parts = []
    this.#text = ''
  }

  close(): void {
    this.#socket.destroy()
  }
}

await using subject = await RealAsteriskSubject.open()
const tape = await Tape.open(subject.amiPort)
await captureScenes({ subject, tape, request: 'UserEvent: HoldfastRecord', code: null })
