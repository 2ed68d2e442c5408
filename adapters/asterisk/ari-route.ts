import { once } from 'node:events'
import { type AddressInfo, createServer, isIP, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { connect, type ConnectionOptions } from 'node:tls'
import type { AriEndpoint } from './ari-endpoint.ts'

/** Port of a URL that names none. */
const HTTPS_PORT = 443

/**
 * The URL that ari-client is given. It cannot speak TLS to a real Asterisk, whose descriptions name `http://` addresses whatever they were
 * fetched by (res_ari.c, `basePath`); it is given a port of the loopback interface instead, from which everything goes on encrypted.
 * Who finds that port still needs the password.
 */
export async function openAriRoute({ url, ca }: Pick<AriEndpoint, 'url' | 'ca'>): Promise<string> {
  const target = new URL(url)
  if (target.protocol !== 'https:') return url
  // An IPv6 address stands in brackets in a URL only.
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = target.port === '' ? HTTPS_PORT : Number(target.port)
  const server = createServer((local) => void join(local, { host, port, ...(ca === null ? {} : { ca }), ...(isIP(host) === 0 ? { servername: host } : {}) }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The end or failure of either side ends the other: to ari-client it is a server that hangs up. */
async function join(local: Socket, target: ConnectionOptions): Promise<void> {
  const remote = connect(target)
  await Promise.allSettled([pipeline(local, remote), pipeline(remote, local)])
  local.destroy()
  remote.destroy()
}
