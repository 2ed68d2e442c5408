import diagnostics from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { HoldfastError } from '../../core/domain/errors.ts'

/** Node tells of every client socket in the moment of its creation. Source: Node 24 diagnostics_channel, `net.client.socket` */
const CHANNEL = 'net.client.socket'

/**
 * The socket that `connect` creates. asterisk-manager keeps its own to itself: without it a dead connection could not be destroyed,
 * nor a stream without end be noticed.
 */
export function socketOf(connect: () => void): Socket {
  const made: Socket[] = []
  const note = (message: unknown): void => {
    made.push((message as { readonly socket: Socket }).socket)
  }
  diagnostics.subscribe(CHANNEL, note)
  try {
    connect()
  } finally {
    diagnostics.unsubscribe(CHANNEL, note)
  }
  const [socket] = made
  if (socket === undefined) throw new HoldfastError('PBX_UNREACHABLE', 'this Node does not tell of the sockets that it creates')
  return socket
}
