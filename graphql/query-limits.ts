import {
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, getNamedType, type GraphQLField, type GraphQLNamedType, type GraphQLSchema, isCompositeType,
  isInterfaceType, isListType, isNonNullType, isObjectType, Kind, Lexer, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode, Source, TokenKind,
} from 'graphql'
import { HoldfastError } from '../core/domain/errors.ts'

export interface QueryLimits {
  /** Words and signs of the document: what reading and validating it costs. */
  readonly maxTokens: number
  /** Fields within fields. */
  readonly maxDepth: number
  /** The same field under many names is how one request does the work of many. */
  readonly maxAliases: number
  /** Fields of the answer, estimated before anything is looked up. */
  readonly maxCost: number
}

/** What lists without a page size hold, roughly: segments, parties. A guess. */
const ASSUMED_LIST_LENGTH = 4
/** What the store gives of one interaction at most: weighed whole, because recordings lead back to their interaction. */
const RECORDINGS_OF_AN_INTERACTION = 200
/** So many numbers of a waveform weigh as much as one field. A guess. */
const POINTS_PER_FIELD = 50
/** The pages of a connection are counted where `first` stands. */
const PAGE_FIELDS: ReadonlySet<string> = new Set(['edges', 'nodes'])

/** What is work in itself, whatever is asked of its answer: threads, seconds, memory. One trial, or two checks, in a request. */
const WORK_OF: ReadonlyMap<string, number> = new Map([['Query.policyBacktest', 30_000], ['Query.policyCheck', 20_000], ['Query.recordingExplain', 1000], ['Query.report', 15_000]])

type Variables = Readonly<Record<string, unknown>>
type Weight = { readonly depth: number; readonly cost: number; readonly aliases: number }
const NOTHING: Weight = { depth: 0, cost: 0, aliases: 0 }

/** Refuses a document with too many tokens before it is parsed. @throws HoldfastError `QUERY_TOO_COSTLY`; GraphQLError where it cannot be read */
export function checkTokens(text: string, { maxTokens }: QueryLimits): void {
  const lexer = new Lexer(new Source(text))
  for (let count = 0; lexer.advance().kind !== TokenKind.EOF; count += 1) {
    if (count >= maxTokens) throw tooCostly('has too many tokens', maxTokens)
  }
}

/** Refuses what is too deep, has too many aliases or asks for too much. Before validation, so that it is cheap. @throws HoldfastError `QUERY_TOO_COSTLY` */
export function checkWeight(document: DocumentNode, { schema, variables, limits }: { readonly schema: GraphQLSchema; readonly variables: Variables; readonly limits: QueryLimits }): void {
  const scale = new Scale(document, schema, variables)
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const weight = scale.operation(definition)
    if (weight.depth > limits.maxDepth) throw tooCostly('is too deep', limits.maxDepth)
    if (weight.aliases > limits.maxAliases) throw tooCostly('has too many aliases', limits.maxAliases)
    if (weight.cost > limits.maxCost) throw tooCostly('asks for too many fields at once', limits.maxCost)
  }
}

/** Weighs selections. Each fragment is weighed once, so that fragments of fragments cannot make it exponential. */
class Scale {
  readonly #schema: GraphQLSchema
  readonly #variables: Variables
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #weighed = new Map<string, Weight>()

  constructor(document: DocumentNode, schema: GraphQLSchema, variables: Variables) {
    this.#schema = schema
    this.#variables = { ...defaultsOf(document), ...variables }
    this.#fragments = new Map(document.definitions.flatMap((definition) => definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : []))
  }

  operation({ operation, selectionSet }: OperationDefinitionNode): Weight {
    return this.#set(selectionSet, this.#schema.getRootType(operation) ?? null)
  }

  #set(set: SelectionSetNode | undefined, parent: GraphQLNamedType | null): Weight {
    return (set?.selections ?? []).map((selection) => this.#selection(selection, parent)).reduce(beside, NOTHING)
  }

  #selection(selection: SelectionNode, parent: GraphQLNamedType | null): Weight {
    if (selection.kind === Kind.FIELD) return this.#field(selection, parent)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value)
    return this.#set(selection.selectionSet, this.#typeOf(selection.typeCondition?.name.value) ?? parent)
  }

  #fragment(name: string): Weight {
    const known = this.#weighed.get(name)
    if (known !== undefined) return known
    // Stands while it is weighed: a cycle weighs nothing here and is refused by validation.
    this.#weighed.set(name, NOTHING)
    const fragment = this.#fragments.get(name)
    const weight = this.#set(fragment?.selectionSet, this.#typeOf(fragment?.typeCondition.name.value))
    this.#weighed.set(name, weight)
    return weight
  }

  #field(node: FieldNode, parent: GraphQLNamedType | null): Weight {
    // Introspection costs no look-up; its depth is bounded by graphql's own rule.
    if (node.name.value.startsWith('__')) return { ...NOTHING, aliases: aliasOf(node) }
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
    const within = this.#set(node.selectionSet, field === undefined ? null : getNamedType(field.type))
    const work = WORK_OF.get(`${parent?.name}.${node.name.value}`) ?? 0
    const own = 1 + work + this.#number(node, 'maxPoints', field) / POINTS_PER_FIELD
    return { depth: within.depth + 1, aliases: within.aliases + aliasOf(node), cost: own + within.cost * this.#length(node, field) }
  }

  /** How many times what is selected below comes back. */
  #length(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
    const first = this.#number(node, 'first', field)
    if (first > 0) return first
    if (field === undefined || PAGE_FIELDS.has(node.name.value)) return 1
    const type = isNonNullType(field.type) ? field.type.ofType : field.type
    if (!isListType(type) || !isCompositeType(getNamedType(type))) return 1
    return getNamedType(type).name === 'Recording' ? RECORDINGS_OF_AN_INTERACTION : ASSUMED_LIST_LENGTH
  }

  /** The argument's number, its variable's, or its default; 0 when there is none. */
  #number(node: FieldNode, name: string, field: GraphQLField<unknown, unknown> | undefined): number {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value
    const declared: unknown = field?.args.find((argument) => argument.name === name)?.defaultValue
    const given = value?.kind === Kind.INT ? Number(value.value) : value?.kind === Kind.VARIABLE ? this.#variables[value.name.value] : declared
    return typeof given === 'number' && given > 0 ? given : 0
  }

  #typeOf(name: string | undefined): GraphQLNamedType | null {
    return name === undefined ? null : this.#schema.getType(name) ?? null
  }
}

function beside(left: Weight, right: Weight): Weight {
  return { depth: Math.max(left.depth, right.depth), cost: left.cost + right.cost, aliases: left.aliases + right.aliases }
}

function aliasOf({ alias }: FieldNode): number {
  return alias === undefined ? 0 : 1
}

function tooCostly(what: string, limit: number): HoldfastError {
  return new HoldfastError('QUERY_TOO_COSTLY', `the query ${what}: at most ${limit}`, { limit })
}

/** Numbers that variables have when they are not given. */
function defaultsOf({ definitions }: DocumentNode): Variables {
  const declared = definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : []))
  return Object.fromEntries(declared.flatMap(({ variable, defaultValue }) => (defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [])))
}
