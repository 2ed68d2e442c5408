import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { ExpectationKey } from '../../../core/domain/coverage.ts'
import { parseCallId, parseInteractionId, parsePbxId } from '../../../core/domain/ids.ts'
import { CUSTOMER_CHANNEL, seconds } from '../../support/recording-facts.ts'
import { ServerBench } from './server-bench.ts'

const KEY: ExpectationKey = { pbxId: parsePbxId('main'), channelId: CUSTOMER_CHANNEL, side: 'source', fromAt: seconds(0) }
const QUERY = `query Q($since: DateTime!, $until: DateTime, $pbx: String, $worst: Int) {
  coverage(since: $since, until: $until, pbx: $pbx, worst: $worst) {
    since until toleratedMs legs settledLegs waitingLegs liveLegs gapLegs wantedMs coveredMs missingMs
    missing { cause legs milliseconds } excused { excuse legs milliseconds }
    worst { pbx channelId interactionId side rule evidence from to wantedMs missingMs gaps { beganAt endedAt cause excuse } }
    unobserved { pbx from to because callsFound }
  }
}`
const VARIABLES = { since: seconds(-3600).toISOString(), until: seconds(3600).toISOString() }

async function withLedger(): Promise<ServerBench> {
  const server = await ServerBench.open()
  await server.bench.tell(
    { type: 'expectation-opened', ...KEY, callId: parseCallId('1.1'), interactionId: parseInteractionId('main-1.1'), rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(0), at: seconds(0) },
    { type: 'expectation-closed', ...KEY, toAt: seconds(10), end: 'hangup', at: seconds(10) },
    { type: 'observation-lost', pbxId: KEY.pbxId, because: 'link-down', at: seconds(4) },
    { type: 'observation-regained', pbxId: KEY.pbxId, because: null, callsFound: 2, at: seconds(6) },
  )
  const gaps = [{ beganAt: seconds(4), endedAt: seconds(6), why: 'link-down' }, { beganAt: seconds(8), endedAt: seconds(9), why: 'paused' }] as const
  await server.bench.coverage.settle(KEY, { assessment: { wantedMs: 9000, coveredMs: 7000, missingMs: 2000, gaps }, at: seconds(20), audit: null })
  return server
}

describe('coverage over GraphQL', () => {
  it('tells what was wanted, what is missing and why, and when nobody looked', async () => {
    await using server = await withLedger()
    const { data, errors } = await server.query(await server.bench.token('administrator'), QUERY, VARIABLES)
    expect(errors).to.deep.equal([])
    expect(data?.['coverage']).to.deep.equal({
      ...VARIABLES, toleratedMs: 500, legs: 1, settledLegs: 1, waitingLegs: 0, liveLegs: 0, gapLegs: 1, wantedMs: 9000, coveredMs: 7000, missingMs: 2000,
      missing: [{ cause: 'LINK_DOWN', legs: 1, milliseconds: 2000 }], excused: [{ excuse: 'PAUSED', legs: 1, milliseconds: 1000 }],
      worst: [{
        pbx: 'main', channelId: CUSTOMER_CHANNEL, interactionId: 'main-1.1', side: 'SOURCE', rule: 'everything', evidence: 'EVENTS', from: seconds(0).toISOString(), to: seconds(10).toISOString(), wantedMs: 9000, missingMs: 2000,
        gaps: [
          { beganAt: seconds(4).toISOString(), endedAt: seconds(6).toISOString(), cause: 'LINK_DOWN', excuse: null },
          { beganAt: seconds(8).toISOString(), endedAt: seconds(9).toISOString(), cause: null, excuse: 'PAUSED' },
        ],
      }],
      unobserved: [{ pbx: 'main', from: seconds(4).toISOString(), to: seconds(6).toISOString(), because: 'LINK_DOWN', callsFound: 2 }],
    })
  })

  it('lasts until now when no end is given, and is of one PBX when one is', async () => {
    await using server = await withLedger()
    const administrator = await server.bench.token('administrator')
    const { data } = await server.query(administrator, QUERY, { since: new Date(server.bench.now.getTime() - 1).toISOString(), pbx: 'other' })
    expect(data).to.have.nested.property('coverage.until', server.bench.now.toISOString())
    expect(data).to.have.nested.property('coverage.legs', 0)
  })

  it('is refused to who may not read the audit of everything, and that stands in it', async () => {
    await using server = await withLedger()
    for (const role of ['supervisor', 'integrator'] as const) {
      const { errors } = await server.query(await server.bench.token(role), QUERY, VARIABLES)
      expect(errors.map(({ extensions }) => extensions?.code), role).to.deep.equal(['FORBIDDEN'])
    }
    const narrowed = await server.query(await server.bench.token('compliance-officer', ['/sales']), QUERY, VARIABLES)
    expect(narrowed.errors.map(({ extensions }) => extensions?.code)).to.deep.equal(['FORBIDDEN'])
    await server.query(await server.bench.token('compliance-officer', []), QUERY, VARIABLES)
    const { entries } = await server.bench.audit.read({ objectId: 'coverage', actorId: null, action: 'coverage.read', from: null, to: null }, { first: 10, before: null })
    expect(entries.map(({ entry }) => entry.outcome)).to.deep.equal(['ok', 'refused', 'refused', 'refused'])
  })

  it('refuses what is no range, and more than it lists', async () => {
    await using server = await withLedger()
    const administrator = await server.bench.token('administrator')
    for (const variables of [{ since: VARIABLES.until, until: VARIABLES.since }, { ...VARIABLES, worst: 0 }, { ...VARIABLES, worst: 101 }]) {
      const { errors } = await server.query(administrator, QUERY, variables)
      expect(errors.map(({ extensions }) => extensions?.code), JSON.stringify(variables)).to.deep.equal(['FILTER_INVALID'])
    }
  })
})
