import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { METRICS } from '../../../../cli/runtime/metric-list.ts'
import { createMetrics } from '../../../../cli/runtime/prom-metrics.ts'

const options = { pbxIds: ['main'], unlisted: 'throw', ofProcess: 'without' } as const

describe('the metrics', () => {
  it('are exposed with help, type and labels', async () => {
    const metrics = createMetrics(options)
    metrics.count('holdfast_segments_started_total', { pbx: 'main' })
    metrics.count('holdfast_segments_started_total', { pbx: 'main' }, 2)
    metrics.gauge('holdfast_pbx_link_up', 1, { pbx: 'main' })
    const text = await metrics.text()
    expect(text).to.include('# TYPE holdfast_segments_started_total counter')
    expect(text).to.include('holdfast_segments_started_total{pbx="main"} 3')
    expect(text).to.include('holdfast_pbx_link_up{pbx="main"} 1')
  })

  it('refuse a name that the list does not know', () => {
    expect(() => createMetrics(options).count('holdfast_surprise_total')).to.throw('holdfast_surprise_total')
  })

  it('refuse a measurement of another type', () => {
    expect(() => createMetrics(options).gauge('holdfast_segments_started_total', 1, { pbx: 'main' })).to.throw('no such metric of this type')
  })

  for (const [what, labels] of [['a value outside the set', { pbx: 'other' }], ['a label too many', { pbx: 'main', caller: '0041' }], ['a label too few', {}]] as const) {
    it(`refuse ${what}`, () => {
      expect(() => createMetrics(options).count('holdfast_segments_started_total', labels)).to.throw('label')
    })
  }

  it('count what is not listed when a service runs, and make no series of it', async () => {
    const metrics = createMetrics({ ...options, unlisted: 'count' })
    metrics.count('holdfast_surprise_total')
    metrics.count('holdfast_segments_started_total', { pbx: '+41 79 000 00 00' })
    const text = await metrics.text()
    expect(text).to.include('holdfast_metrics_unlisted_total 2')
    expect(text).not.to.include('+41 79')
  })

  it('of two services in one process do not mix', async () => {
    const one = createMetrics(options)
    const other = createMetrics(options)
    one.gauge('holdfast_playback_tickets', 3)
    expect(await other.text()).to.include('holdfast_playback_tickets 0')
  })

  it('that the code names are those of the list', () => {
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'core/*.ts', 'adapters/*.ts', 'graphql/*.ts', 'cli/*.ts'], { encoding: 'utf8' }).split('\n').filter((file) => file !== '' && !file.endsWith('metric-list.ts'))
    const named = new Set(files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?<!variable\()'(holdfast_[a-z_]+)'/g)].map((match) => match[1] ?? '')))
    expect([...named]).to.have.members(Object.keys(METRICS))
  })
})
