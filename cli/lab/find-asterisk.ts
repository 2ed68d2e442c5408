import { access, constants, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { installedAsterisk, OLDEST_MAJOR_VERSION, unpackedAsterisk, type AsteriskInstallation } from './asterisk-installation.ts'
import { unpackAsterisk } from './unpack-asterisk.ts'

export type FindAsteriskRequest = {
  /** Where an unpacked Asterisk is kept between runs; made when missing. */
  readonly cacheDir: string
  /** Told one line for each step that takes time; nothing is printed. */
  readonly report: (line: string) => void
  readonly signal?: AbortSignal
  /** Folders that are searched for an `asterisk`, as in PATH. */
  readonly searchPath?: readonly string[]
}

const UNPACKED_NAME = 'asterisk-22'

/**
 * An Asterisk to run: the one on the search path, else the one in the cache, else one fetched from Debian and unpacked into the cache.
 * Safe to be called by several processes at once and to be interrupted at any moment.
 * @throws HoldfastError `LAB_UNAVAILABLE`, whose message tells what the operator can do
 */
export async function findOrProvisionAsterisk(request: FindAsteriskRequest): Promise<AsteriskInstallation> {
  const installed = await installedAsterisk(request.searchPath ?? [])
  if (installed !== null) return installed
  const target = path.join(request.cacheDir, UNPACKED_NAME)
  const cached = await unpackedAsterisk(target)
  if (cached !== null) return cached
  if (!(await canFetchPackages())) throw unavailable('this machine has neither an Asterisk nor apt-get to fetch one with')
  // A folder that holds no working Asterisk was damaged after it was unpacked: it is made anew.
  await rm(target, { recursive: true, force: true })
  await mkdir(request.cacheDir, { recursive: true })
  await unpackAsterisk({ target, report: request.report, ...(request.signal === undefined ? {} : { signal: request.signal }) })
  const unpacked = await unpackedAsterisk(target)
  if (unpacked === null) throw unavailable(`what was unpacked into ${target} does not run on this machine`)
  request.report(`Asterisk ${unpacked.version} is in ${target}`)
  return unpacked
}

async function canFetchPackages(): Promise<boolean> {
  const programs = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb']
  const found = await Promise.all(programs.map((program) => access(program, constants.X_OK).then(() => true, () => false)))
  return found.every(Boolean)
}

function unavailable(what: string): HoldfastError {
  return new HoldfastError(
    'LAB_UNAVAILABLE',
    `No Asterisk to run: ${what}. Any one of these helps: ` +
      `(1) install Asterisk ${OLDEST_MAJOR_VERSION} or newer with chan_pjsip and app_mixmonitor, so that "asterisk" is on the PATH; ` +
      '(2) run on Debian or Ubuntu with the package debian-archive-keyring and a reachable Debian mirror (no root needed); ' +
      '(3) use the image described in docker/README.md.',
  )
}
