import { GraphQLError, type GraphQLScalarTypeConfig, Kind } from 'graphql'

/** How a scalar is read and written; its name and description stand in the schema. */
type ScalarCodec<T, Text> = Pick<GraphQLScalarTypeConfig<T, Text>, 'serialize' | 'parseValue' | 'parseLiteral'>

/** RFC 3339 with an offset: a time without one would mean something else on every machine. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

function parseInstant(value: unknown): Date {
  const at = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : null
  if (at === null || Number.isNaN(at.getTime())) throw new GraphQLError('a DateTime is an RFC 3339 instant with an offset, such as 2026-03-01T09:30:00Z')
  return at
}

function parseSafeInt(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new GraphQLError('a SafeInt is a whole number between -(2^53 - 1) and 2^53 - 1')
  return value
}

export const DateTime: ScalarCodec<Date, string> = {
  serialize: (value) => {
    if (value instanceof Date) return value.toISOString()
    throw new TypeError('a DateTime field resolved to something that is no Date')
  },
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
}

export const SafeInt: ScalarCodec<number, number> = {
  serialize: parseSafeInt,
  parseValue: parseSafeInt,
  parseLiteral: (node) => parseSafeInt(node.kind === Kind.INT ? Number(node.value) : null),
}
