import { createHash } from 'node:crypto'
import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { type FreeSwitchInstallation, type FreeSwitchLaunch, type LaunchPlace, versionIn } from './freeswitch-launch.ts'
import { type CommandLine, runCommand } from './run-command.ts'

const ENGINES = ['docker', 'podman'] as const
/** An image that is not there yet is fetched by the engine: some hundred megabytes. */
const FIRST_RUN_DEADLINE_MS = 600_000
/** Removing a container that ended takes a moment. */
const REMOVE_DEADLINE_MS = 30_000
const DIGEST_LETTERS = 16

/**
 * The FreeSWITCH of a container image. It runs on this machine's network and as this user, with the laboratory's folder at the same
 * place, so that nobody else notices that it is in a container.
 * @throws HoldfastError `LAB_UNAVAILABLE`
 */
export async function freeSwitchImageOf(image: string, searchPath: readonly string[]): Promise<FreeSwitchInstallation> {
  const engine = await engineOn(searchPath)
  if (engine === null) throw new HoldfastError('LAB_UNAVAILABLE', `HOLDFAST_FREESWITCH_IMAGE names ${image}, and there is neither docker nor podman on the PATH to run it`)
  const { succeeded, stdout, stderr } = await runCommand([engine, 'run', '--rm', '--entrypoint', 'freeswitch', image, '-version'], { timeoutMs: FIRST_RUN_DEADLINE_MS })
  const version = versionIn(stdout)
  if (!succeeded || version === null) throw new HoldfastError('LAB_UNAVAILABLE', `the image ${image} of HOLDFAST_FREESWITCH_IMAGE has no freeswitch that runs: ${stderr.trim()}`)
  return { version, launch: (place) => launch({ engine, image }, place) }
}

function launch({ engine, image }: { readonly engine: string; readonly image: string }, { directory, readOnly }: LaunchPlace): FreeSwitchLaunch {
  // The same for each start in this folder: what an earlier one left behind is found by it.
  const name = `holdfast-lab-${createHash('sha256').update(directory).digest('hex').slice(0, DIGEST_LETTERS)}`
  const mounts = [`${directory}:${directory}`, ...readOnly.map((folder) => `${folder}:${folder}:ro`)]
  const command: CommandLine = [
    engine, 'run', '--rm', '--init', '--name', name, '--network', 'host', '--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    ...mounts.flatMap((mount) => ['--volume', mount]), '--entrypoint', 'freeswitch', image,
  ]
  return {
    command,
    // Its failure means that it is gone already: the engine removes what ended by itself.
    remove: async () => void (await runCommand([engine, 'rm', '--force', name], { timeoutMs: REMOVE_DEADLINE_MS })),
  }
}

async function engineOn(searchPath: readonly string[]): Promise<string | null> {
  for (const name of ENGINES) {
    for (const directory of searchPath) {
      const program = path.join(directory, name)
      if (await access(program, constants.X_OK).then(() => true, () => false)) return program
    }
  }
  return null
}
