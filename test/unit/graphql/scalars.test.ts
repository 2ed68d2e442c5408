import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ServerBench } from './server-bench.ts'

const BAD_TIMES = ['2026-03-01', '2026-03-01T09:00:00', 'yesterday', '', '2026-13-01T00:00:00Z', '2026-02-30T25:00:00Z', '+275760-09-13T00:00:00.001Z', '2026-03-01T09:00:00Z\n']

describe('scalars', () => {
  it('take an instant with any offset, written or as a variable', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    await server.bench.recording()
    for (const from of ['2026-03-01T09:00:00Z', '2026-03-01T10:00:00.000+01:00', '2026-03-01T08:59:59.999999z']) {
      const written = await server.query(token, `{ recordings(filter: { startedFrom: "${from}" }) { nodes { startedAt } } }`)
      const given = await server.query(token, 'query ($from: DateTime!) { recordings(filter: { startedFrom: $from }) { nodes { startedAt } } }', { from })
      expect(written.errors, from).to.deep.equal([])
      expect(written.data).to.deep.equal({ recordings: { nodes: [{ startedAt: '2026-03-01T09:00:00.000Z' }] } })
      expect(given.data).to.deep.equal(written.data)
    }
  })

  it('refuse what is no instant', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    for (const from of BAD_TIMES) {
      const written = await server.query(token, `{ recordings(filter: { startedFrom: ${JSON.stringify(from)} }) { nodes { id } } }`)
      const given = await server.query(token, 'query ($from: DateTime!) { recordings(filter: { startedFrom: $from }) { nodes { id } } }', { from })
      expect([written.data, given.data], from).to.deep.equal([null, null])
      expect(`${written.errors[0]?.message} ${given.errors[0]?.message}`, from).to.include('a DateTime is an RFC 3339 instant')
    }
    expect((await server.query(token, '{ recordings(filter: { startedFrom: 5 }) { nodes { id } } }')).data).to.equal(null)
  })

  it('take whole numbers up to 2^53 - 1 and refuse the rest', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('supervisor')
    const query = 'query ($most: SafeInt!) { recordings(filter: { maxDurationMs: $most }) { nodes { id } } }'
    expect((await server.query(token, query, { most: 9_007_199_254_740_991 })).errors).to.deep.equal([])
    for (const most of [9_007_199_254_740_992, 1.5, '5', true]) expect((await server.query(token, query, { most })).errors[0]?.message).to.include('a SafeInt is a whole number')
    expect((await server.query(token, '{ recordings(filter: { maxDurationMs: 99999999999999999999 }) { nodes { id } } }')).errors[0]?.message).to.include('a SafeInt is a whole number')
  })
})
