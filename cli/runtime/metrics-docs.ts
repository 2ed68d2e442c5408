import { type MetricDefinition, METRICS } from './metric-list.ts'

/** More values than this are named elsewhere, and would hide the row. */
const MOST_VALUES = 12

/** docs/metrics.md, whole. */
export function metricsMarkdown(): string {
  const rows = Object.entries<MetricDefinition>(METRICS).map(([name, { type, help, labels }]) => `| \`${name}\` | ${type} | ${labelsText(labels)} | ${help.replaceAll('|', '\\|')} |`)
  return [
    '# Metrics',
    '',
    'Written by `node cli/runtime/write-metrics-docs.ts` from `cli/runtime/metric-list.ts`; do not edit. Served at `/metrics` in the format of Prometheus, to a token that may read them, or to',
    'everybody with `http.publicMetrics`. A label\'s values are a closed set. What to alarm on: [pauses](pause.md#figures-and-alarms), [coverage](coverage.md).',
    '',
    '| metric | type | labels | means |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function labelsText(labels: MetricDefinition['labels']): string {
  return Object.entries(labels).map(([label, values]) => {
    if (values === 'pbxs') return `\`${label}\`: a PBX of the settings`
    return values.length > MOST_VALUES ? `\`${label}\`: ${values.length} values` : `\`${label}\`: ${values.join(', ')}`
  }).join('; ')
}
