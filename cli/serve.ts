import { loadServiceSettings } from '../config/load-settings.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { compose, type Holdfast } from './compose.ts'
import { makeDataDirectory } from './data-directory.ts'
import { refuseForeignRoot } from './data-owner.ts'
import { ProcessLock, serviceLockOf } from './process-lock.ts'
import { type ServiceRuntime, serviceRuntime } from './runtime/service-runtime.ts'

/** Stopping closes links and streams; a job in hand is given back by its lease if it takes longer. */
const STOP_WITHIN_MS = 10_000

/**
 * Runs the service until SIGTERM or SIGINT; SIGHUP reads the policy file and the retention rules again. A second signal ends it at once: what was begun is gone on with at the next start.
 * @throws HoldfastError `ALREADY_RUNNING`; `CONFIG_INVALID` for root in another user's data directory, and for one that cannot be made or written; as `compose` and its `start`
 */
export async function serve(settingsFile: string): Promise<void> {
  const settings = loadServiceSettings(settingsFile)
  refuseForeignRoot(settings.dataDirectory)
  await makeDataDirectory(settings.dataDirectory)
  using _lock = lockOf(settings.dataDirectory)
  const runtime = serviceRuntime(settings)
  const holdfast = await compose(settings, runtime)
  try {
    await holdfast.start()
    runtime.log.info({ url: holdfast.url, node: settings.node.name, pbxs: settings.pbxs.map(({ id }) => id) }, 'holdfast serves')
    // Never taken off: without a listener the signal would end the process while it stops.
    process.on('SIGHUP', () => void holdfast.reloadRules())
    const signal = await firstSignal()
    runtime.log.info({ signal }, 'holdfast stops; running recordings go on')
  } finally {
    await stopped(holdfast, runtime)
  }
}

function lockOf(dataDirectory: string): ProcessLock {
  return ProcessLock.take(serviceLockOf(dataDirectory), (pid) => new HoldfastError(
    'ALREADY_RUNNING', `another holdfast serves from ${dataDirectory} (process ${pid}): end it first, or give this one a data directory of its own`, { dataDirectory, pid }))
}

async function stopped(holdfast: Holdfast, { log }: ServiceRuntime): Promise<void> {
  const tooLong = setTimeout(() => {
    log.error({ withinMs: STOP_WITHIN_MS }, 'stopping took too long')
    process.exit(1)
  }, STOP_WITHIN_MS)
  await holdfast.stop()
  clearTimeout(tooLong)
}

async function firstSignal(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    const heard = (signal: NodeJS.Signals): void => {
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.off(name, heard)
      resolve(signal)
    }
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, heard)
  })
}
