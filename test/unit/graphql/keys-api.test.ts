import { expect } from 'chai'
import { describe, it } from 'mocha'
import { newIdentity } from '../../../core/crypto/key-ring.ts'
import { COUNTED_FOR_MS, NO_IDENTITY_HERE } from '../../../core/library/keys/key-report.ts'
import { LibraryBench } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const QUERY = `{ keys {
  recipients { recipient name purpose standing openedHere recordings lastCheck { checkedAt verdict sampled opened foreign failed } }
  sets { recipients recordings } unopenedRecordings playbackHindrance
} }`
const PLAY = 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } userErrors { code message } } }'

describe('keys over GraphQL', () => {
  it('tells who opens what, and when that was last tried', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    const own = bench.standing.recipients[0]?.recipient ?? ''
    const { recipient: lost } = await newIdentity(new Date(0))
    for (const recordings of [1, 2, 3]) await bench.stored({ sizeBytes: recordings })
    const { id } = await bench.stored({ sizeBytes: 4 })
    const header = bench.repository.headers.get(id)
    if (header !== undefined) bench.repository.headers.set(id, { ...header, recipients: [lost] })
    await bench.keys.keepChecks([{ recipient: own, checkedAt: bench.now, by: 'cli:operator', sampled: 4, opened: 3, foreign: 1, failed: 0 }], [])
    const { data, errors } = await server.query(await bench.token('administrator'), QUERY)
    expect(errors).to.deep.equal([])
    expect(data?.['keys']).to.deep.equal({
      recipients: [
        { recipient: own, name: null, purpose: 'OPERATIONAL', standing: 'CURRENT', openedHere: true, recordings: 3, lastCheck: { checkedAt: bench.now.toISOString(), verdict: 'PASSED', sampled: 4, opened: 3, foreign: 1, failed: 0 } },
        { recipient: lost, name: null, purpose: 'OPERATIONAL', standing: 'NOT_NAMED', openedHere: false, recordings: 1, lastCheck: null },
      ],
      sets: [{ recipients: [own], recordings: 3 }, { recipients: [lost], recordings: 1 }],
      unopenedRecordings: 1,
      playbackHindrance: null,
    })
    expect(bench.audited()).to.include('keys.read')
  })

  it('counts at most once a minute', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('administrator')
    const counted = async (): Promise<unknown> => (await server.query(token, '{ keys { sets { recordings } } }')).data?.['keys']
    expect(await counted()).to.deep.equal({ sets: [] })
    await server.bench.stored({ sizeBytes: 1 })
    expect(await counted()).to.deep.equal({ sets: [] })
    server.bench.pass(COUNTED_FOR_MS)
    expect(await counted()).to.deep.equal({ sets: [{ recordings: 1 }] })
  })

  it('is refused to who may not manage keys, and that stands in the audit', async () => {
    await using server = await ServerBench.open()
    for (const role of ['supervisor', 'compliance-officer', 'integrator', 'agent'] as const) {
      const { errors } = await server.query(await server.bench.token(role), QUERY)
      expect(errors[0]?.extensions?.code, role).to.equal('FORBIDDEN')
    }
    expect(server.bench.audited()).to.include('keys.read refused').and.not.to.include('keys.read')
  })

  it('of a node without an identity: it serves everything but sound, and says why', async () => {
    await using server = await ServerBench.open({}, await LibraryBench.open({ identities: 'none' }))
    const { id } = await server.bench.stored({ sizeBytes: 100 })
    const token = await server.bench.token('supervisor')
    const found = await server.query(token, '{ recordings(first: 5) { edges { node { plainId media { durationMs } } } } }')
    expect(JSON.stringify(found)).to.include(id)
    const refused = await server.query(token, PLAY, { id })
    expect(JSON.stringify(refused)).to.include('NO_IDENTITY').and.to.include('keys.identityFiles')
    expect(server.bench.audited()).to.include('playback.refused refused').and.not.to.include('playback.requested')
    const { data } = await server.query(await server.bench.token('administrator'), '{ keys { playbackHindrance unopenedRecordings } }')
    expect(data?.['keys']).to.deep.equal({ playbackHindrance: NO_IDENTITY_HERE, unopenedRecordings: 1 })
  })
})
