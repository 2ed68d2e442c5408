import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, isIPv6, type Socket } from 'node:net'
import { hostname } from 'node:os'
import type { CheckpointOutlet } from '../../core/ports/audit-evidence.ts'
import type { Clock } from '../../core/ports/runtime.ts'

/** How a syslog server is reached; `socket`: a local stream socket. */
export type SyslogTarget =
  | { readonly transport: 'udp' | 'tcp'; readonly host: string; readonly port: number }
  | { readonly transport: 'socket'; readonly path: string }

/** Facility 13, log audit; severity 5, notice. Source: RFC 5424 §6.2.1 */
const PRIORITY = 13 * 8 + 5
/** Source: RFC 5424 §6.2.4, §6.2.5: printable ASCII; 255 characters of a host name */
const NOT_PRINTABLE = /[^\u0021-\u007e]/g
const LONGEST_HOSTNAME = 255

/** One line as syslog has it. Source: RFC 5424 §6; no BOM: our lines are ASCII but for a dash, and receivers take UTF-8 without one */
export function syslogMessage(line: string, { at, host, pid }: { readonly at: Date; readonly host: string; readonly pid: number }): string {
  const name = host.replaceAll(NOT_PRINTABLE, '').slice(0, LONGEST_HOSTNAME) || '-'
  return `<${PRIORITY}>1 ${at.toISOString()} ${name} holdfast ${pid} audit-checkpoint - ${line}`
}

/**
 * A syslog server. A writer of our own: it is one line of text and one write, and the packages for it bring transports, queues and
 * formats of their own. Over UDP nothing says whether a line arrived; over TCP a line counts when the system took it.
 */
export class SyslogOutlet implements CheckpointOutlet {
  readonly name = 'syslog'
  readonly #target: SyslogTarget
  readonly #clock: Clock

  constructor(target: SyslogTarget, clock: Clock) {
    this.#target = target
    this.#clock = clock
  }

  async write(line: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const message = Buffer.from(syslogMessage(line, { at: this.#clock.now(), host: hostname(), pid: process.pid }))
    if (this.#target.transport === 'udp') await sendDatagram(this.#target, message, signal)
    else await sendFramed(this.#target, message, signal)
  }

  async close(): Promise<void> {}
}

/** Source: RFC 5426 §3.1: one message in one datagram */
async function sendDatagram({ host, port }: { readonly host: string; readonly port: number }, message: Buffer, signal: AbortSignal): Promise<void> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', signal })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.send(message, port, host, (error) => error === null ? resolve() : reject(error))
    })
  } finally {
    // An aborted one is closed already.
    if (!signal.aborted) socket.close()
  }
}

/** A connection for each line: there is one every few minutes, and one that broke unseen would swallow it. Source: RFC 6587 §3.4.1, octet counting */
async function sendFramed(target: SyslogTarget, message: Buffer, signal: AbortSignal): Promise<void> {
  const socket: Socket = target.transport === 'socket' ? connect({ path: target.path, signal }) : connect({ host: target.host, port: target.port, signal })
  try {
    await once(socket, 'connect', { signal })
    socket.resume()
    socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]))
    await once(socket, 'close', { signal })
  } finally {
    socket.destroy()
  }
}
