import { expect } from 'chai'
import { getNamedType, type GraphQLNamedType, isInterfaceType, isLeafType, isObjectType } from 'graphql'
import { describe, it } from 'mocha'
import { type Role, ROLES } from '../../../core/domain/actor.ts'
import { ANY_RECORDING } from '../../../core/ports/recording-repository.ts'
import { nodeId } from '../../../graphql/node-id.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'
import { ServerBench } from './server-bench.ts'

const schema = createHoldfastSchema()
const VALUES = { customerId: 'open-77', CONTRACT_VALUE: 'restricted-4711', CASE_NOTE: 'confidential-fraud', LEFT_THE_LIST: 'unlisted-old' }
const SEES: Readonly<Record<Role, readonly (keyof typeof VALUES)[]>> = {
  administrator: ['customerId'],
  supervisor: ['customerId', 'CONTRACT_VALUE'],
  'compliance-officer': ['customerId', 'CONTRACT_VALUE', 'CASE_NOTE', 'LEFT_THE_LIST'],
  integrator: ['customerId'],
  agent: [],
}

/** Every field that needs no argument, of a type and of what lies in it, but for the ways back up. */
function everything(type: GraphQLNamedType | undefined, above: readonly string[] = []): string {
  if (type === undefined || isLeafType(type) || !(isObjectType(type) || isInterfaceType(type))) return ''
  const fields = Object.values(type.getFields()).filter((field) => !above.includes(getNamedType(field.type).name))
  return `{ ${fields.map((field) => `${field.name} ${everything(getNamedType(field.type), [...above, type.name])}`).join(' ')} }`
}

/** The same field by field: all of a long list at once would cost more than one query may; of holds even each by itself, which `recording` asks for. */
function piecesOf(name: string, above: readonly string[]): readonly string[] {
  const type = schema.getType(name)
  const fields = isObjectType(type) ? Object.values(type.getFields()) : []
  return fields.filter((field) => !above.includes(getNamedType(field.type).name)).map((field) => `{ ${field.name} ${everything(getNamedType(field.type), [...above, name])} }`)
}

describe('attached data that a role may not see', () => {
  for (const role of ROLES) {
    it(`leaves by no way for ${role}`, async () => {
      await using server = await ServerBench.open()
      const { bench } = server
      const recordingId = await bench.recording({ interaction: 'talk', attached: VALUES })
      for (const [key, value] of Object.entries(VALUES)) await bench.tell({ type: 'attached-changed', recordingId, at: bench.now, change: { key, value: `${value} later`, source: 'dialplan', at: bench.now } })
      // Into the audit go all values of the recording.
      await bench.library.playback.request(await bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.1'), recordingId).catch(() => undefined)
      const recording = everything(schema.getType('Recording'))
      const token = await bench.token(role)
      const answers = [
        await server.query(token, `query ($id: ID!) { recording(id: $id) ${recording} }`, { id: recordingId }),
        await server.query(token, `query ($id: ID!) { node(id: $id) { ... on Recording ${recording} } }`, { id: nodeId('Recording', recordingId) }),
        await server.query(token, `{ recordings(first: 5) { nodes ${recording} } }`),
        await server.query(token, `{ activeRecordings(first: 5) ${recording} }`),
        ...await Promise.all(piecesOf('Recording', ['Interaction', 'Hold']).map((piece) => server.query(token, `{ interaction(id: "talk") { recordings ${piece} } }`))),
        await server.query(token, `mutation { recordingPause(input: { interactionId: "talk" }) { results { recording ${recording} } } }`),
        await server.query(token, `{ auditEntries(first: 50) { nodes ${everything(schema.getType('AuditEntry'))} } }`),
      ]
      const text = JSON.stringify(answers.map(({ data }) => data))
      const seen = Object.entries(VALUES).filter(([, value]) => text.includes(value)).map(([key]) => key)
      expect(seen).to.deep.equal(SEES[role])
      if (role !== 'agent') expect(answers.slice(0, -2).flatMap(({ errors }) => errors)).to.deep.equal([])
    })
  }

  it('is counted where the audit holds it back', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    await bench.recording({ attached: VALUES })
    await bench.library.search.search(await bench.library.authentication.authenticate(await bench.token('compliance-officer'), '192.0.2.1'), {
      ...ANY_RECORDING,
      attached: [{ key: 'CASE_NOTE', value: 'fraud' }],
    }, { first: 1, before: null })
    const asked = async (role: Role): Promise<unknown> => (await server.query(await bench.token(role), '{ auditEntries(filter: { action: RECORDINGS_SEARCHED }) { nodes { personalHidden personal { key } } } }')).data?.['auditEntries']
    expect(await asked('administrator')).to.deep.equal({ nodes: [{ personalHidden: 1, personal: [{ key: 'address' }, { key: 'actorLabel' }] }] })
    expect(await asked('compliance-officer')).to.deep.equal({ nodes: [{ personalHidden: 0, personal: [{ key: 'attached.CASE_NOTE' }, { key: 'address' }, { key: 'actorLabel' }] }] })
  })
})
