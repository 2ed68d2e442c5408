import { writeFileSync } from 'node:fs'
import { metricsMarkdown } from './metrics-docs.ts'

writeFileSync(new URL('../../docs/metrics.md', import.meta.url), metricsMarkdown())
