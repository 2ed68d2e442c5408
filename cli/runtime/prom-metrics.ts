import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from '../../core/ports/runtime.ts'
import { type MetricDefinition, METRICS } from './metric-list.ts'

export interface MetricsOptions {
  /** Values of the label `pbx`. */
  readonly pbxIds: readonly string[]
  /** What a name or label value outside the list does: tests throw, a service counts and goes on. */
  readonly unlisted: 'throw' | 'count'
  /** Memory, CPU and event loop of this process beside our own. */
  readonly ofProcess: 'with' | 'without'
}

/** Metrics with their exposition for `GET /metrics`. */
export interface ExposedMetrics extends Metrics {
  readonly contentType: string
  text(): Promise<string>
}

type Labels = Readonly<Record<string, string>>
type Definitions = Readonly<Record<string, MetricDefinition>>

/** Seconds: from a reply of the PBX (a millisecond) to the ingest of a long call. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** prom-client behind the port, with a registry of its own: several in one process do not collide. */
export function createMetrics({ pbxIds, unlisted, ofProcess }: MetricsOptions): ExposedMetrics {
  const definitions: Definitions = METRICS
  const registry = new Registry()
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, { type, help, labels, buckets }] of Object.entries(definitions)) {
    const common = { name, help, labelNames: Object.keys(labels), registers: [registry] }
    if (type === 'counter') counters.set(name, new Counter(common))
    if (type === 'gauge') gauges.set(name, new Gauge(common))
    if (type === 'histogram') histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? SECONDS)] }))
  }
  if (ofProcess === 'with') collectDefaultMetrics({ register: registry, prefix: 'holdfast_' })

  function refuse(name: string, why: string): undefined {
    if (unlisted === 'throw') throw new Error(`metric ${name}: ${why}`)
    counters.get('holdfast_metrics_unlisted_total')?.inc()
  }
  function checked<Kind>(kinds: ReadonlyMap<string, Kind>, name: string, labels: Labels): Kind | undefined {
    const kind = kinds.get(name)
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
    if (kind === undefined || definition === undefined) return refuse(name, 'no such metric of this type in cli/runtime/metric-list.ts')
    const fault = labelFault(definition, labels, pbxIds)
    return fault === null ? kind : refuse(name, fault)
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count: (name, labels = {}, by = 1) => checked(counters, name, labels)?.inc(labels, by),
    gauge: (name, value, labels = {}) => checked(gauges, name, labels)?.set(labels, value),
    observe: (name, value, labels = {}) => checked(histograms, name, labels)?.observe(labels, value),
  }
}

function labelFault({ labels }: MetricDefinition, given: Labels, pbxIds: readonly string[]): string | null {
  const missing = Object.keys(labels).find((label) => given[label] === undefined)
  if (missing !== undefined) return `label ${missing} is missing`
  for (const [label, value] of Object.entries(given)) {
    const allowed = Object.hasOwn(labels, label) ? labels[label] : undefined
    if (allowed === undefined) return `there is no label ${label}`
    if (!(allowed === 'pbxs' ? pbxIds : allowed).includes(value)) return `label ${label} has a value outside its set`
  }
  return null
}
