import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { HttpSettings } from '../../config/settings.ts'
import { dataDirectoryAdvice } from '../data-directory.ts'
import { type Check, checksOf } from './check.ts'

const MIB = 1024 ** 2
/** The journal must be able to grow for as long as anything else is mended. A guess. */
const FAIL_BELOW_BYTES = 100 * MIB
const WARN_BELOW_BYTES = 1024 * MIB

/** Whether the folder, or the one in which it would be made, can be written, and has room. */
export async function checkDataDirectory(directory: string): Promise<readonly Check[]> {
  const { ok, warn, fail } = checksOf('data directory')
  const existing = await nearestExisting(directory)
  const writable = await access(existing, constants.W_OK | constants.X_OK).then(() => true, () => false)
  if (!writable) return [fail(`${existing} cannot be written by this user`, dataDirectoryAdvice(directory))]
  const { bavail, bsize } = await statfs(existing)
  const free = bavail * bsize
  const told = `${directory} ${existing === directory ? 'can be written' : 'will be made'}; ${(free / MIB / 1024).toFixed(1)} GiB free`
  if (free < FAIL_BELOW_BYTES) return [fail(told, 'Make room: without a journal no call is recorded by its rule.')]
  return [free < WARN_BELOW_BYTES ? warn(told, 'Make room before it is needed.') : ok(told)]
}

/**
 * Whether the API's port can be taken: by a service that is to be started; one that runs holds it.
 * @param service - the process that serves over this data directory; `null`: none does, or it cannot be told
 */
export async function checkPort({ host, port }: Pick<HttpSettings, 'host' | 'port'>, service: number | null): Promise<Check> {
  return portTold(await listenOnce(host, port), { host, port, service })
}

/** What the code of an attempt to listen means; `null`: it could. */
export function portTold(code: string | null, { host, port, service }: Pick<HttpSettings, 'host' | 'port'> & { readonly service: number | null }): Check {
  const { ok, warn, fail } = checksOf('API')
  if (code === null) return ok(port === 0 ? 'any free port is taken' : `port ${port} on ${host} is free`)
  if (code === 'EADDRINUSE' && service !== null) return ok(`port ${port} on ${host} is in use, and Holdfast serves (process ${service})`)
  if (code === 'EADDRINUSE') return warn(`port ${port} on ${host} is in use, and no Holdfast is seen that serves from this data directory`, 'Another program holds it, or a Holdfast of another user or container: `ss -ltnp` shows which.')
  if (code === 'EADDRNOTAVAIL') return fail(`${host} is no address of this machine`, 'Check `http.host`.')
  return fail(`port ${port} on ${host} cannot be taken: ${code}`, code === 'EACCES' ? 'Ports below 1024 need a right of their own: choose a higher one, and a proxy in front.' : 'Check `http.host` and `http.port`.')
}

async function listenOnce(host: string, port: number): Promise<string | null> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

async function nearestExisting(directory: string): Promise<string> {
  const there = await access(directory).then(() => true, () => false)
  return there || dirname(directory) === directory ? directory : nearestExisting(dirname(directory))
}
