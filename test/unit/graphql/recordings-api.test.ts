import { expect } from 'chai'
import { getNamedType, type GraphQLNamedType, isInterfaceType, isLeafType, isObjectType } from 'graphql'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { parseChannelId, type RecordingId } from '../../../core/domain/ids.ts'
import { nodeId } from '../../../graphql/node-id.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'
import type { LibraryBench } from '../core/library/library-bench.ts'
import { type GraphqlReply, ServerBench } from './server-bench.ts'

const schema = createHoldfastSchema()

/** Every field of a type, and of what lies in it, but for the ways back up. */
function everything(type: GraphQLNamedType, above: readonly string[] = []): string {
  if (isLeafType(type)) return ''
  if (!isObjectType(type) && !isInterfaceType(type)) return ''
  const fields = Object.values(type.getFields()).filter((field) => !above.includes(getNamedType(field.type).name))
  return `{ ${fields.map((field) => `${field.name} ${everything(getNamedType(field.type), [...above, type.name])}`).join(' ')} }`
}

/** A recording with something in every list. */
async function eventful(bench: LibraryBench): Promise<RecordingId> {
  const recordingId = await bench.recording({ interaction: 'talk', attached: { customerId: '77' } })
  const at = bench.now
  const agent = { channelId: parseChannelId('177.9'), side: 'agent', identity: { number: '200', name: 'Desk' }, endpoint: 'PJSIP/200', agent: null, fromAt: at, toAt: null } as const
  await bench.tell(
    { type: 'answered', recordingId, at },
    { type: 'announced', recordingId, at, announcement: { prompt: 'this-call-is-recorded', outcome: 'played', startedAt: at, endedAt: at } },
    { type: 'party-joined', recordingId, at, party: agent },
    { type: 'pause-asked', recordingId, at, by: 'a', how: 'api', limitMs: null },
    { type: 'pause-effective', recordingId, at },
    { type: 'attached-changed', recordingId, at, change: { key: 'mood', value: 'good', source: 'sip-header', at } },
    { type: 'recording-stopped', recordingId, at, reason: 'hangup' },
  )
  await bench.repository.beginIngest(recordingId)
  const { media } = await bench.repository.find((await bench.stored()).id, { type: 'all' }) ?? { media: null }
  if (media === null) throw new Error('nothing stored')
  await bench.repository.recordMedia(recordingId, { media, header: new Uint8Array(), recipients: [], findings: [{ code: 'header-repaired', segmentIndex: 0, details: { missingBytes: 44 }, at }], sounds: [] }, {
    at, actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id: recordingId }, outcome: 'ok', reason: null, details: {}, personal: {},
  })
  return recordingId
}

async function asked(server: ServerBench, query: string, variables: Record<string, unknown> = {}): Promise<GraphqlReply> {
  return server.query(await server.bench.token('supervisor'), query, variables)
}

describe('recordings over GraphQL', () => {
  it('have every field of the schema', async () => {
    await using server = await ServerBench.open()
    const id = await eventful(server.bench)
    const type = schema.getType('Recording')
    if (type === undefined) throw new Error('no Recording')
    const { data, errors } = await asked(server, `query ($id: ID!) { recording(id: $id) ${everything(type)} }`, { id })
    expect(errors).to.deep.equal([])
    expect(data?.['recording']).to.deep.include({ plainId: id, state: 'STORED', reason: 'HANGUP', side: 'SOURCE', attachedData: [{ key: 'customerId', value: '77' }, { key: 'mood', value: 'good' }] })
    expect(data?.['recording']).to.have.nested.property('attachedDataChanges[0].source', 'SIP_HEADER')
    expect(data?.['recording']).to.have.nested.property('decision.input.attachedData[0].value', '77')
    expect(data?.['recording']).to.have.nested.property('findings[0].details[0].value', 44)
    expect(data?.['recording']).to.have.nested.property('interaction.plainId', 'talk')
  })

  it('are walked page by page, newest first, without a gap', async () => {
    await using server = await ServerBench.open()
    const made: string[] = []
    for (let count = 0; count < 5; count += 1) made.push(await server.bench.recording())
    const seen: string[] = []
    let after: string | null = null
    do {
      const { data } = await asked(server, 'query ($after: String) { recordings(first: 2, after: $after) { nodes { plainId } pageInfo { hasNextPage endCursor } } }', { after })
      const page = data?.['recordings'] as unknown as { readonly nodes: readonly { readonly plainId: string }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } }
      seen.push(...page.nodes.map(({ plainId }) => plainId))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).to.deep.equal(made.toReversed())
  })

  it('are found by what was asked of them', async () => {
    await using server = await ServerBench.open()
    const id = await server.bench.recording({ interaction: 'talk', caller: '+4930999', attached: { 'customer.id': '77' }, partitions: ['/sales/gold'] })
    await server.bench.recording()
    const filters = ['{ caller: "+4930999" }', '{ attached: [{ key: "customer.id", value: "77" }] }', '{ partitionUnder: "/sales/gold" }', '{ interactionId: "talk" }', `{ interactionId: "${nodeId('Interaction', 'talk')}", states: [RECORDING, PAUSED] }`]
    for (const filter of filters) {
      const { data, errors } = await asked(server, `{ recordings(filter: ${filter}) { nodes { plainId } totalCount { count exact } } }`)
      expect(errors, filter).to.deep.equal([])
      expect(data, filter).to.deep.equal({ recordings: { nodes: [{ plainId: id }], totalCount: { count: 1, exact: true } } })
    }
  })

  it('say which part of a question cannot be meant', async () => {
    await using server = await ServerBench.open()
    const wrong: Readonly<Record<string, string>> = {
      '{ recordings(first: 0) { nodes { id } } }': 'FILTER_INVALID',
      '{ recordings(first: 201) { nodes { id } } }': 'FILTER_INVALID',
      '{ recordings(after: "x") { nodes { id } } }': 'CURSOR_INVALID',
      '{ recordings(filter: { partitionUnder: "../etc" }) { nodes { id } } }': 'FILTER_INVALID',
      '{ recording(id: "../1") { id } }': 'MALFORMED_ID',
      '{ node(id: "UmVjb3JkaW5nOjE=") { id } }': 'MALFORMED_ID',
      '{ activeRecordings(first: 1000) { id } }': 'FILTER_INVALID',
    }
    for (const [query, code] of Object.entries(wrong)) expect((await asked(server, query)).errors.map(({ extensions }) => extensions?.code), query).to.deep.equal([code])
  })

  it('of another partition are answered as what is not there, by every way in', async () => {
    await using server = await ServerBench.open()
    const foreign = await server.bench.recording({ interaction: 'secret', partitions: ['/support'] })
    const { data, errors } = await asked(server, `query ($id: ID!, $node: ID!, $talk: ID!) {
      recording(id: $id) { id } node(id: $node) { id } interaction(id: $talk) { id } activeRecordings { id }
      recordings(filter: { interactionId: $talk }) { nodes { id } totalCount { count } }
    }`, { id: foreign, node: nodeId('Recording', foreign), talk: 'secret' })
    expect(errors).to.deep.equal([])
    expect(data).to.deep.equal({ recording: null, node: null, interaction: null, activeRecordings: [], recordings: { nodes: [], totalCount: { count: 0 } } })
    const hidden = await asked(server, 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { ticket } userErrors { code message } } }', { id: foreign })
    const missing = await asked(server, 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { ticket } userErrors { code message } } }', { id: '64' })
    expect(hidden.data).to.deep.equal(missing.data)
    expect(JSON.stringify(hidden.data)).to.include('RECORDING_NOT_FOUND')
  })

  it('are found again by their id, and so are interactions and audit entries', async () => {
    await using server = await ServerBench.open()
    await server.bench.recording({ interaction: 'talk' })
    const token = await server.bench.token('administrator')
    const { data } = await server.query(token, '{ recordings { nodes { id interaction { id } } } auditEntries(first: 1) { nodes { id } } }')
    const ids = [...JSON.stringify(data).matchAll(/"id":"([^"]+)"/g)].map((match) => match[1])
    expect(ids).to.have.length(3)
    const kinds: unknown[] = []
    for (const id of ids) kinds.push((await server.query(token, 'query ($id: ID!) { node(id: $id) { __typename id } }', { id })).data?.['node'])
    expect(kinds).to.deep.equal([{ __typename: 'Recording', id: ids[0] }, { __typename: 'Interaction', id: ids[1] }, { __typename: 'AuditEntry', id: ids[2] }])
  })

  it('are looked up once per request however many ask for their interaction', async () => {
    await using server = await ServerBench.open()
    for (let count = 0; count < 5; count += 1) await server.bench.recording({ interaction: 'talk' })
    let lookups = 0
    const { repository } = server.bench
    const find = repository.findInteraction.bind(repository)
    repository.findInteraction = async (...asking) => {
      lookups += 1
      return find(...asking)
    }
    await asked(server, '{ recordings { nodes { interaction { id } } } }')
    expect(lookups).to.equal(1)
  })

  it('are paused and resumed, recording by recording', async () => {
    await using server = await ServerBench.open()
    const id = await server.bench.recording({ interaction: 'talk' })
    for (const verb of ['Pause', 'Resume']) {
      const { data, errors } = await asked(server, `mutation { recording${verb}(input: { interactionId: "talk" }) { results { recording { plainId } outcome effectiveAt error { code } } userErrors { code } } }`)
      expect(errors).to.deep.equal([])
      expect(data).to.deep.equal({ [`recording${verb}`]: { results: [{ recording: { plainId: id }, outcome: 'DONE', effectiveAt: '2026-03-01T09:00:00.000Z', error: null }], userErrors: [] } })
    }
  })

  it('are never told paused when one of them is not', async () => {
    await using server = await ServerBench.open()
    const recordingId = await server.bench.recording()
    server.bench.answer = async () => [{ recordingId, outcome: 'failed', code: 'PBX_TIMEOUT', message: 'AMI 10.0.0.1 is mute' }]
    const { data } = await asked(server, 'mutation ($id: ID!) { recordingPause(input: { recordingId: $id }) { results { outcome effectiveAt error { code message } } userErrors { code retry } } }', { id: recordingId })
    expect(data).to.deep.equal({ recordingPause: { results: [{ outcome: 'FAILED', effectiveAt: null, error: { code: 'PAUSE_FAILED', message: 'the PBX did not confirm' } }], userErrors: [{ code: 'PAUSE_FAILED', retry: true }] } })
  })

  it('say why nothing was tried', async () => {
    await using server = await ServerBench.open()
    const { id } = await server.bench.stored()
    const over = await asked(server, 'mutation ($id: ID!) { recordingPause(input: { recordingId: $id }) { results { outcome } userErrors { code message } } }', { id })
    expect(over.data).to.deep.equal({ recordingPause: { results: null, userErrors: [{ code: 'RECORDING_NOT_ACTIVE', message: 'nothing of it is recorded now' }] } })
    for (const input of ['{}', '{ recordingId: "1", interactionId: "talk" }', '{ recordingId: null }']) {
      expect((await asked(server, `mutation { recordingPause(input: ${input}) { userErrors { code } } }`)).data, input).to.equal(null)
    }
  })
})

describe('the audit over GraphQL', () => {
  it('has every field of the schema', async () => {
    await using server = await ServerBench.open()
    await eventful(server.bench)
    const type = schema.getType('AuditEntry')
    if (type === undefined) throw new Error('no AuditEntry')
    const { data, errors } = await server.query(await server.bench.token('administrator'), `{ auditEntries(filter: { action: RECORDING_PAUSE_EFFECTIVE }) { nodes ${everything(type)} } }`)
    expect(errors).to.deep.equal([])
    expect(data).to.have.nested.property('auditEntries.nodes[0].action', 'RECORDING_PAUSE_EFFECTIVE')
    expect(data).to.have.nested.property('auditEntries.nodes[0].object.type', 'recording')
  })

  it('is refused with a code', async () => {
    await using server = await ServerBench.open()
    expect((await asked(server, '{ auditEntries { nodes { id } } }')).errors.map(({ extensions }) => extensions?.code)).to.deep.equal(['FORBIDDEN'])
  })

  it('are attached to while they go on, with clear words for what is refused', async () => {
    await using server = await ServerBench.open()
    const recordingId = await server.bench.recording()
    const mutation = 'mutation ($input: AttachedDataSetInput!) { attachedDataSet(input: $input) { recordings { plainId } isMasked userErrors { code message field } } }'
    const over = await asked(server, mutation, { input: { call: { recordingId }, key: 'customerId', value: '77' } })
    expect(over.data).to.deep.equal({ attachedDataSet: { recordings: null, isMasked: null, userErrors: [{ code: 'NO_LIVE_CALL', message: 'the call is over', field: null }] } })
    const recording = await server.bench.repository.find(recordingId, { type: 'all' })
    if (recording === null) throw new Error('no recording')
    const { pbxId, channelId, callId, interactionId, direction, startedAt, decision } = recording
    server.bench.calls = () => [{ pbxId, callId, channelId, interactionId, direction, beganAt: startedAt, decision, wanting: null, recordings: [recording], stopped: [], elsewhere: [], pauseEndsAt: null }]
    const done = await asked(server, mutation, { input: { call: { interactionId }, key: 'customerId', value: '77' } })
    expect(done.data).to.deep.equal({ attachedDataSet: { recordings: [{ plainId: recordingId }], isMasked: false, userErrors: [] } })
    server.bench.attach = async () => await Promise.reject(new HoldfastError('ATTACHED_REFUSED', 'value: AMOUNT holds numbers only', { field: 'value' }))
    const refused = await asked(server, mutation, { input: { call: { recordingId }, key: 'AMOUNT', value: 'much' } })
    expect(refused.data).to.have.nested.property('attachedDataSet.userErrors').that.deep.equals([{ code: 'ATTACHED_REFUSED', message: 'value: AMOUNT holds numbers only', field: ['input', 'value'] }])
    const both = await asked(server, mutation, { input: { call: { recordingId, interactionId }, key: 'customerId', value: '77' } })
    expect(both.data).to.equal(null)
  })
})
