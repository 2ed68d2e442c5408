import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/**
 * Free ports of the loopback interface. All are held while the last is asked for, so they differ; another process may
 * still take one before it is used, which its user reports as a failed start.
 */
export async function freePorts(request: { readonly tcp: number; readonly udp: number }): Promise<{ readonly tcp: readonly number[]; readonly udp: readonly number[] }> {
  const tcp = await Promise.all(Array.from({ length: request.tcp }, holdTcpPort))
  const udp = await Promise.all(Array.from({ length: request.udp }, holdUdpPort))
  await Promise.all([...tcp, ...udp].map((held) => held.release()))
  return { tcp: tcp.map((held) => held.port), udp: udp.map((held) => held.port) }
}

type HeldPort = { readonly port: number; readonly release: () => Promise<void> }

async function holdTcpPort(): Promise<HeldPort> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, release: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function holdUdpPort(): Promise<HeldPort> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, release: () => new Promise((resolve) => socket.close(() => resolve())) }
}
