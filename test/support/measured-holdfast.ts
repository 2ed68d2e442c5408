import { monitorEventLoopDelay } from 'node:perf_hooks'
import { compose } from '../../cli/compose.ts'
import { serviceRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { Measured } from './holdfast-process.ts'

const NANOSECONDS_PER_MS = 1e6

/**
 * Holdfast as `holdfast serve` composes it, which tells its parent what it costs. Nothing is ingested: the jobs are queued and wait,
 * because what stands in for a PBX writes no sound.
 */
const settings = loadSettings(process.argv[2] ?? '')
const holdfast = await compose(settings, serviceRuntime(settings))
holdfast.store.jobs.lease = async () => await Promise.resolve(null)
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
let cpu = process.cpuUsage()
process.on('message', () => {
  const { user, system } = process.cpuUsage(cpu)
  const told: Measured = {
    loopDelayP99Ms: delay.percentile(99) / NANOSECONDS_PER_MS, loopDelayMaxMs: delay.max / NANOSECONDS_PER_MS,
    rssBytes: process.memoryUsage.rss(), heapUsedBytes: process.memoryUsage().heapUsed, cpuSeconds: (user + system) / 1e6,
  }
  delay.reset()
  cpu = process.cpuUsage()
  process.send?.(told)
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
await holdfast.start()
