import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, isIP, type NetConnectOpts, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { connect, type TLSSocket } from 'node:tls'
import { HoldfastError } from '../../core/domain/errors.ts'

/** Certificates that are trusted, as PEM text; `null` = those that Node trusts. `serverName` when the certificate is for another name than `host`. */
export interface AmiTls {
  readonly ca: string | null
  readonly serverName: string | null
}

/** Where an Asterisk is, and who we are there. `tls: null` = plain text, for the loopback interface or a tunnel. */
export interface AmiEndpoint {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly secret: string
  readonly tls: AmiTls | null
}

/** A handshake over a distance takes less than a second; a peer that does not speak TLS never ends it. */
const TLS_DEADLINE_MS = 5_000

/** What asterisk-manager connects to. */
export interface AmiRoute {
  readonly target: NetConnectOpts
  /** To be called when it has connected, or has given up: takes away what only connecting needed. */
  readonly established: () => Promise<void>
}

/**
 * The way to an Asterisk. asterisk-manager knows plain sockets only, so that TLS is spoken on its behalf: it connects to a UNIX socket in a
 * directory that only we can enter, which takes one connection and is removed.
 * @throws HoldfastError `PBX_UNREACHABLE`, also when the certificate is not trusted
 */
export async function openRoute(endpoint: AmiEndpoint): Promise<AmiRoute> {
  if (endpoint.tls === null) return { target: { host: endpoint.host, port: endpoint.port }, established: async () => undefined }
  const remote = await connectTls(endpoint, endpoint.tls)
  // Made with mode 0700. Source: mkdtemp(3)
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-ami-'))
  const path = join(directory, 'ami')
  const server = bridge(remote)
  server.listen(path)
  await once(server, 'listening')
  return {
    target: { path },
    established: async () => {
      server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function connectTls({ host, port }: AmiEndpoint, { ca, serverName }: AmiTls): Promise<TLSSocket> {
  const name = serverName ?? (isIP(host) === 0 ? host : null)
  const socket = connect({ host, port, ...(ca === null ? {} : { ca }), ...(name === null ? {} : { servername: name }) })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(TLS_DEADLINE_MS) })
    return socket
  } catch (cause) {
    socket.destroy()
    const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
    throw new HoldfastError('PBX_UNREACHABLE', `no TLS connection to ${host}:${port}: ${reason}`, {}, { cause })
  }
}

/** The end or failure of either side ends the other; the AMI connection sees it as its own end. */
function bridge(remote: TLSSocket): Server {
  let taken = false
  const server = createServer((local) => {
    if (taken) {
      local.destroy()
      return
    }
    taken = true
    void Promise.allSettled([pipeline(local, remote), pipeline(remote, local)]).then(() => {
      local.destroy()
      remote.destroy()
    })
  })
  server.on('close', () => {
    if (!taken) remote.destroy()
  })
  return server
}
