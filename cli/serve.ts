import { loadSettings } from '../config/settings.ts'
import { compose } from './compose.ts'
import { serviceRuntime } from './runtime/service-runtime.ts'

/** Stopping closes links and streams; a job in hand is given back by its lease if it takes longer. */
const STOP_WITHIN_MS = 10_000

/** Runs the service until SIGTERM or SIGINT. A second signal ends it at once: what was begun is gone on with at the next start. */
export async function serve(settingsFile: string): Promise<void> {
  const settings = loadSettings(settingsFile)
  const runtime = serviceRuntime(settings)
  const holdfast = await compose(settings, runtime)
  await holdfast.start()
  runtime.log.info({ url: holdfast.url, node: settings.node.name, pbxs: settings.pbxs.map(({ id }) => id) }, 'holdfast serves')
  const signal = await firstSignal()
  runtime.log.info({ signal }, 'holdfast stops; running recordings go on')
  const tooLong = setTimeout(() => {
    runtime.log.error({ withinMs: STOP_WITHIN_MS }, 'stopping took too long')
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
