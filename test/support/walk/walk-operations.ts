import {
  astFromValue, getNamedType, getNullableType, type GraphQLArgument, type GraphQLField, type GraphQLInputField, type GraphQLInputObjectType, type GraphQLInputType, type GraphQLNamedType, type GraphQLSchema, isEnumType,
  isInputObjectType, isInterfaceType, isLeafType, isListType, isObjectType, isRequiredArgument, isRequiredInputField, isUnionType, print,
} from 'graphql'
import { wordsFor } from './walk-words.ts'

/** One request of the walk. */
export interface WalkOperation {
  /** `Query.recordings`. */
  readonly field: string
  readonly document: string
}

/** The operations of one schema: every root field, with every argument and input field at each of its values, and every field of its answer. */
export class WalkOperations {
  readonly #schema: GraphQLSchema
  /** `Type.field` of every field that is asked for by some operation. */
  readonly asked = new Set<string>()
  /** Arguments and input fields for which there is no value. */
  readonly speechless = new Set<string>()
  readonly #selections = new Map<string, string>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** By root field, in the order of the schema. */
  of(root: 'Query' | 'Mutation' | 'Subscription'): ReadonlyMap<string, readonly WalkOperation[]> {
    const type = this.#schema.getType(root)
    const fields = isObjectType(type) ? Object.values(type.getFields()) : []
    const word = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' }[root]
    return new Map(fields.map((field) => {
      this.asked.add(`${root}.${field.name}`)
      const selection = this.#selection(getNamedType(field.type), [])
      const all = this.#variants(field.args, `${root}.${field.name}`).map((given) => ({ field: `${root}.${field.name}`, document: `${word} { ${call(field, given)} ${selection} }` }))
      return [field.name, [...new Map(all.map((operation) => [operation.document, operation])).values()]]
    }))
  }

  /** Every field of every type that an answer may have. */
  get answerable(): readonly string[] {
    return Object.values(this.#schema.getTypeMap()).filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__')).flatMap((type) => isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : [])
  }

  /** All fields below a type, but for the ways back to a type above. */
  #selection(type: GraphQLNamedType, above: readonly string[]): string {
    if (isLeafType(type)) return ''
    const known = above.length === 0 ? this.#selections.get(type.name) : undefined
    if (known !== undefined) return known
    const text = this.#fresh(type, above)
    if (above.length === 0) this.#selections.set(type.name, text)
    return text
  }

  #fresh(type: GraphQLNamedType, above: readonly string[]): string {
    const within = [...above, type.name]
    if (isUnionType(type) || isInterfaceType(type)) {
      if (isInterfaceType(type)) for (const name of Object.keys(type.getFields())) this.asked.add(`${type.name}.${name}`)
      const parts = this.#schema.getPossibleTypes(type).filter(({ name }) => !above.includes(name)).map((each) => `... on ${each.name} ${renamed(this.#selection(each, within), each.name)}`)
      return `{ __typename ${parts.join(' ')} }`
    }
    if (!isObjectType(type)) return ''
    const fields = Object.values(type.getFields()).filter((field) => !within.includes(getNamedType(field.type).name))
    const parts = fields.map((field) => {
      this.asked.add(`${type.name}.${field.name}`)
      return `${call(field, this.#variants(field.args, `${type.name}.${field.name}`)[0] ?? {})} ${this.#selection(getNamedType(field.type), within)}`
    })
    return `{ __typename ${parts.join(' ')} }`
  }

  /** What is given, one argument at a time beside those that must be there. */
  #variants(args: readonly GraphQLArgument[], where: string): readonly Given[] {
    const needed = Object.fromEntries(args.filter(isRequiredArgument).map((argument) => [argument.name, this.#values(argument, where)[0]]))
    return [needed, ...args.flatMap((argument) => this.#values(argument, where).map((value) => beside(needed, argument.name, value)))]
  }

  #values({ name, type }: GraphQLArgument | GraphQLInputField, where: string): readonly unknown[] {
    const named = getNamedType(type)
    const given = this.#valuesOf(name, named, where)
    return isListType(getNullableType(type)) ? given.map((value) => Array.isArray(value) ? value : [value]) : given
  }

  #valuesOf(name: string, type: GraphQLNamedType, where: string): readonly unknown[] {
    if (isInputObjectType(type)) return this.#objects(type, `${where}.${type.name}`)
    const words = wordsFor(name, type)
    if (words.length > 0) return words
    if (isEnumType(type)) return type.getValues().map(({ value }) => value as unknown)
    this.speechless.add(`${where}.${name}: ${type.name}`)
    return []
  }

  #objects(type: GraphQLInputObjectType, where: string): readonly unknown[] {
    const fields = Object.values(type.getFields())
    if (type.isOneOf) return fields.flatMap((field) => this.#values(field, where).map((value) => ({ [field.name]: value })))
    const needed = Object.fromEntries(fields.filter(isRequiredInputField).map((field) => [field.name, this.#values(field, where)[0]]))
    return [needed, ...fields.flatMap((field) => this.#values(field, where).map((value) => beside(needed, field.name, value)))]
  }
}

type Given = Readonly<Record<string, unknown>>

function beside(needed: Given, name: string, value: unknown): Given {
  return { ...needed, [name]: value }
}

function call({ name, args }: GraphQLField<unknown, unknown>, given: Given): string {
  const texts = args.flatMap((argument) => argument.name in given ? [`${argument.name}: ${literal(given[argument.name], argument.type)}`] : [])
  return texts.length === 0 ? name : `${name}(${texts.join(', ')})`
}

function literal(value: unknown, type: GraphQLInputType): string {
  const node = astFromValue(value, type)
  return node == null ? 'null' : print(node)
}

/** Two types of a union may have fields of one name and different types: each gets a name of its own. */
function renamed(selection: string, type: string): string {
  return selection.replace(/^\{ __typename (.*) \}$/s, (_all, fields: string) => `{ ${topLevel(fields).map((field) => `${type}_${/^\w+/.exec(field)?.[0] ?? ''}: ${field}`).join(' ')} }`)
}

/** The fields of a selection that are not within another one. */
function topLevel(fields: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  for (const token of fields.match(/\w+(?:\([^)]*\))?|\{|\}|\.\.\. on \w+|\S/g) ?? []) {
    if (depth === 0 && /^\w/.test(token)) parts.push(token)
    else parts.push(`${parts.pop() ?? ''} ${token}`)
    if (token === '{') depth += 1
    if (token === '}') depth -= 1
  }
  return parts
}
