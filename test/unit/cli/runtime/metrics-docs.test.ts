import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { METRICS } from '../../../../cli/runtime/metric-list.ts'
import { metricsMarkdown } from '../../../../cli/runtime/metrics-docs.ts'

const TEXT = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')

describe('the document of the metrics', () => {
  it('is fresh (else run `node cli/runtime/write-metrics-docs.ts`)', () => {
    expect(TEXT).to.equal(metricsMarkdown())
  })

  it('has a row for every metric', () => {
    expect([...TEXT.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).to.deep.equal(Object.keys(METRICS))
  })
})
