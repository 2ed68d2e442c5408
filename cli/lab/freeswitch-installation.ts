import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { FreeSwitchPlaces } from '../../config/environment.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { freeSwitchImageOf } from './freeswitch-image.ts'
import { type FreeSwitchInstallation, versionIn } from './freeswitch-launch.ts'
import { runCommand } from './run-command.ts'

/** `freeswitch -version` prints and ends; a cold disk makes it slow. */
const VERSION_DEADLINE_MS = 30_000

/**
 * The FreeSWITCH below the prefix, the first one on the search path, or the one in the image; `null` when there is none.
 * Nothing is fetched by us: no package of it can be had without an account.
 * @throws HoldfastError `LAB_UNAVAILABLE` when a prefix or an image was given that holds none
 */
export async function findFreeSwitch({ prefix, searchPath, image }: FreeSwitchPlaces): Promise<FreeSwitchInstallation | null> {
  if (prefix !== null) {
    const installation = await inspect(path.join(prefix, 'bin'))
    if (installation !== null) return installation
    throw new HoldfastError('LAB_UNAVAILABLE', `there is no bin/freeswitch that runs below ${prefix}: HOLDFAST_FREESWITCH has to be the prefix of an installation`)
  }
  for (const directory of searchPath) {
    const installation = await inspect(directory)
    if (installation !== null) return installation
  }
  return image === null ? null : await freeSwitchImageOf(image, searchPath)
}

/** @throws HoldfastError `LAB_UNAVAILABLE`, whose message tells what the operator can do */
export async function needFreeSwitch(request: FreeSwitchPlaces): Promise<FreeSwitchInstallation> {
  const found = await findFreeSwitch(request)
  if (found !== null) return found
  throw new HoldfastError('LAB_UNAVAILABLE', 'No FreeSWITCH to run, and none that could be fetched: its packages need an account. Any one of these helps: '
    + '(1) install FreeSWITCH 1.10, so that "freeswitch" is on the PATH; '
    + '(2) HOLDFAST_FREESWITCH=<prefix> for one whose program is <prefix>/bin/freeswitch; '
    + '(3) HOLDFAST_FREESWITCH_IMAGE=<image> for a container image with "freeswitch" on its PATH, where docker or podman runs (docker/README.md).')
}

async function inspect(directory: string): Promise<FreeSwitchInstallation | null> {
  const program = await realpath(path.join(directory, 'freeswitch')).catch(() => null)
  if (program === null) return null
  const { succeeded, stdout } = await runCommand([program, '-version'], { timeoutMs: VERSION_DEADLINE_MS })
  const version = versionIn(stdout)
  return succeeded && version !== null ? { version, launch: () => ({ command: [program], remove: null }) } : null
}
