import { expect } from 'chai'
import { type GraphQLNamedType, type GraphQLObjectType, isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isSpecifiedScalarType } from 'graphql'
import { describe, it } from 'mocha'
import { ERROR_CODES } from '../../../core/domain/errors.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'

const schema = createHoldfastSchema()
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))

interface Described {
  readonly description?: string | null | undefined
}

/** Everything of the schema that can be described, with the path by which it is found. */
function* described(type: GraphQLNamedType): Generator<readonly [string, Described]> {
  yield [type.name, type]
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value]
  if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field]
  if (!isObjectType(type) && !isInterfaceType(type)) return
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field]
    for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument]
  }
}

function rootFields(type: GraphQLObjectType | null | undefined): readonly string[] {
  return Object.keys(type?.getFields() ?? {})
}

describe('the schema', () => {
  it('describes every type, field, argument and value in a sentence', () => {
    const bare = types.flatMap((type) => [...described(type)]).filter(([, { description }]) => !/^\S[^]*[.:]\s*$/.test(description ?? '')).map(([path]) => path)
    expect(bare).to.deep.equal([])
  })

  it('names the failures that a caller can act upon, and no others', () => {
    const told = schema.getType('UserErrorCode')
    const userFacing = Object.entries(ERROR_CODES).filter(([, { audience }]) => audience === 'user').map(([code]) => code)
    expect(isEnumType(told) ? told.getValues().map(({ name }) => name) : []).to.have.members(userFacing)
  })

  it('asks the question and the deed by their object', () => {
    expect(rootFields(schema.getMutationType())).to.satisfy((names: readonly string[]) => names.every((name) => /^(?:recording|hold|subject|policy|attachedData|agent|user|role|unit|export)[A-Z]/.test(name)))
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      const named = field.name[0]?.toUpperCase() + field.name.slice(1)
      // Where nothing is to be said there is no input.
      if (field.args.length > 0 || field.name !== 'policyReload') expect(field.args.map(({ name, type }) => `${name}: ${String(type)}`)).to.deep.equal([`input: ${named}Input!`])
      expect(String(field.type)).to.equal(`${named}Payload!`)
      const payload = schema.getType(`${named}Payload`)
      const fields = isObjectType(payload) ? Object.values(payload.getFields()) : []
      expect(fields.map(({ name, type }) => name === 'userErrors' ? String(type) === '[UserError!]!' : !String(type).endsWith('!'))).to.not.include(false)
    }
  })

  it('pages every connection alike', () => {
    const connections = types.filter((type) => type.name.endsWith('Connection'))
    expect(connections.map(({ name }) => name)).to.have.members(['RecordingConnection', 'AuditEntryConnection', 'HoldConnection', 'HoldRecordingConnection', 'PolicyVersionConnection', 'RetentionRunConnection', 'UserConnection', 'UnitConnection', 'UnitMemberConnection'])
    for (const connection of connections) expect(isObjectType(connection) ? Object.keys(connection.getFields()) : []).to.include.members(['edges', 'nodes', 'pageInfo'])
  })

  it('knows how every kind of node is found again', () => {
    const node = schema.getType('Node')
    expect(isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : []).to.have.members(['Recording', 'Interaction', 'AuditEntry', 'Hold'])
  })
})
