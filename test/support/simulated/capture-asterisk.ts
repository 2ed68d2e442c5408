import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { mintRecordingId, record, talk } from '../../contract/pbx-adapter/talk.ts'
import type { Acknowledgement } from '../../../core/ports/pbx-adapter.ts'
import type { HeardEvents } from '../pbx/heard-events.ts'
import type { CallPlan } from '../pbx/pbx-subject.ts'
import { USER, RealAsteriskSubject } from '../pbx/real-asterisk-subject.ts'

/**
 * Captures the scenes that a simulated Asterisk plays, from a real one: `node test/support/simulated/capture-asterisk.ts`.
 * What commands of a service cause is left out: whoever plays the scene answers them itself.
 */
const FOLDER = join(import.meta.dirname, '../../fixtures/asterisk/scenes')
/** What follows a step comes within it, on a machine without other work. */
const SETTLES_MS = 700
/** Where the laboratory lies is nobody's business. */
const DIRECTORY = [/^Directory: \S+$/gm, 'Directory: %2Fvar%2Fspool%2Fasterisk%2Frecording'] as const
const CAUSED_BY_COMMANDS = /^Event: (?:MixMonitor\w+|FullyBooted|SuccessfulAuth)$/m
const REPLIES = /^Response: /

/** One session on the manager interface, kept as text, in parts. */
class Tape {
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
try {
  await using service = subject.service()
  await service.next('link-up')
  await delay(SETTLES_MS)
  for (const plan of [{ attached: 'nothing' }, { attached: 'every kind' }] as const) {
    const name = plan.attached === 'nothing' ? 'plain' : 'kinds'
    await scene(service, { plan, outcome: 'answered', answer: 'no' })
    await tape.save(`${name}-answered`)
    await scene(service, { plan, outcome: 'unanswered', answer: null })
    await tape.save(`${name}-unanswered`)
  }
  await scene(service, { plan: { attached: 'nothing' }, outcome: 'insured', answer: { insure: mintRecordingId() } })
  await tape.save('plain-insured')
  for (const kind of ['blind', 'attended'] as const) {
    const { call } = await talk({ subject, service })
    await delay(SETTLES_MS)
    tape.part('asks', 'UserEvent: HoldfastRecord')
    tape.part('answered')
    await call.passOn(kind)
    await delay(3 * SETTLES_MS)
    tape.part('passes')
    await finish()
    await tape.save(`plain-${kind}`)
  }
  const { call, agent, customer } = await talk({ subject, service })
  await service.adapter.tellPauseWays(agent, ['dtmf', 'dialplan'])
  await record(service.adapter, customer)
  await delay(SETTLES_MS)
  tape.part('asks', 'UserEvent: HoldfastRecord')
  tape.part('answered')
  await call.pressCode()
  await delay(2 * SETTLES_MS)
  tape.part('presses')
  await finish()
  await tape.save('plain-code')
  await service[Symbol.asyncDispose]()
  await subject.call()
  await delay(3 * SETTLES_MS)
  tape.part('asks')
  await finish()
  await tape.save('plain-unserved')
} finally {
  tape.close()
}

/** One call from its begin to its end. `null`: nobody answers the route. */
async function scene(service: HeardEvents, { plan, outcome, answer }: { readonly plan: CallPlan; readonly outcome: string; readonly answer: Acknowledgement | null }): Promise<void> {
  const before = service.all('recording-asked').length
  await subject.call(plan)
  while (service.all('recording-asked').length === before) await delay(5)
  const asked = service.all('recording-asked')[before]
  if (asked !== undefined && answer !== null) await service.adapter.acknowledge(asked.channelId, asked.requestId, answer)
  await delay(2 * SETTLES_MS)
  tape.part('asks', 'UserEvent: HoldfastRecord')
  tape.part(outcome)
  await finish()
}

async function finish(): Promise<void> {
  await subject.endCalls()
  await delay(SETTLES_MS)
  tape.part('ends')
}
