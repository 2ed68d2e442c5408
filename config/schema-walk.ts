import { z } from 'zod'

export type SettingPath = readonly (string | number)[]
type Def = z.core.$ZodTypes['_zod']['def']

/** What a schema says once optional, default and nullable are taken off. */
export interface Unwrapped {
  readonly inner: z.core.$ZodType
  readonly def: Def
  readonly meta: z.core.GlobalMeta
  /** `undefined`: there is none, the setting must be given. */
  readonly defaultValue: unknown
  readonly nullable: boolean
}

/** Takes the wrappers off; what an outer one says goes before what an inner one says. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  const def = defOf(schema)
  const meta = z.globalRegistry.get(schema) ?? {}
  const within = def.type === 'pipe' ? def.in : isWrapper(def) ? def.innerType : null
  if (within === null) return { inner: schema, def, meta, defaultValue: undefined, nullable: false }
  const below = unwrap(within)
  const ownDefault = def.type === 'default' || def.type === 'prefault' ? def.defaultValue : undefined
  return { ...below, meta: { ...below.meta, ...meta }, defaultValue: ownDefault ?? below.defaultValue, nullable: below.nullable || def.type === 'nullable' }
}

function isWrapper(def: Def): def is Extract<Def, { type: 'default' | 'prefault' | 'nullable' | 'optional' | 'readonly' }> {
  return ['default', 'prefault', 'nullable', 'optional', 'readonly'].includes(def.type)
}

/** The names that a map of settings knows; for a choice, those of the variant that `type` names, else of all. */
export function knownKeys(schema: z.core.$ZodType, value: unknown): readonly string[] {
  return variants(schema, value).flatMap((variant) => {
    const { def } = unwrap(variant)
    return def.type === 'object' ? Object.keys(def.shape) : []
  })
}

/** The schema of the setting at this path, where `value` is the whole that was given; `null` where no setting is. */
export function schemaAt(schema: z.core.$ZodType, value: unknown, path: SettingPath): z.core.$ZodType | null {
  const [key, ...rest] = path
  if (key === undefined) return schema
  const child = variants(schema, value).map((variant) => childOf(variant, key)).find((found) => found !== null) ?? null
  return child === null ? null : schemaAt(child, property(value, key), rest)
}

/** What stands at this path of a tree of plain values; `undefined` for nothing. */
export function valueAt(value: unknown, path: SettingPath): unknown {
  return path.reduce<unknown>((at, key) => property(at, key), value)
}

/** The variants that a value may be meant as: one for all but choices. */
export function variants(schema: z.core.$ZodType, value: unknown): readonly z.core.$ZodType[] {
  const { inner, def } = unwrap(schema)
  if (def.type !== 'union') return [inner]
  const named = def.options.filter((option) => literalType(option) === property(value, 'type'))
  return (named.length > 0 ? named : def.options).flatMap((option) => variants(option, value))
}

/** The word that a variant of a choice has under `type`, or `null`. */
export function literalType(schema: z.core.$ZodType): unknown {
  const { def } = unwrap(schema)
  const type = def.type === 'object' ? def.shape['type'] : undefined
  const literal = type === undefined ? null : unwrap(type).def
  return literal?.type === 'literal' ? literal.values[0] : null
}

function childOf(schema: z.core.$ZodType, key: string | number): z.core.$ZodType | null {
  const { def } = unwrap(schema)
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? (def.shape[key] ?? null) : null
  if (def.type === 'array') return def.element
  return def.type === 'record' ? def.valueType : null
}

function property(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string | number, unknown>)[key]
}

function defOf(schema: z.core.$ZodType): Def {
  return schema._zod.def as Def
}

/** One value that was given, or that a default filled in, with what its schema says. */
export interface Leaf {
  readonly path: SettingPath
  readonly value: unknown
  readonly meta: z.core.GlobalMeta
}

/** Every value of a tree that a schema knows, in the schema's order. */
export function leavesOf(schema: z.core.$ZodType, value: unknown, path: SettingPath = []): readonly Leaf[] {
  if (value === undefined || value === null) return []
  const below = entriesOf(schema, value)
  if (below === null) return [{ path, value, meta: unwrap(schema).meta }]
  return below.flatMap(({ key, schema: child }) => leavesOf(child, property(value, key), [...path, key]))
}

/** The same tree with each leaf changed. */
export function mapLeaves<Tree>(schema: z.core.$ZodType, value: Tree, change: (leaf: Omit<Leaf, 'path'>) => unknown): Tree {
  return mapped(schema, value, change) as Tree
}

function mapped(schema: z.core.$ZodType, value: unknown, change: (leaf: Omit<Leaf, 'path'>) => unknown): unknown {
  if (value === undefined || value === null) return value
  const below = entriesOf(schema, value)
  if (below === null) return change({ value, meta: unwrap(schema).meta })
  const changed = below.map(({ key, schema: child }) => [key, mapped(child, property(value, key), change)] as const)
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed)
}

/** What lies below a map or list, or `null` for a leaf. */
function entriesOf(schema: z.core.$ZodType, value: unknown): readonly { readonly key: string | number; readonly schema: z.core.$ZodType }[] | null {
  if (typeof value !== 'object' || value === null) return null
  const variant = variants(schema, value)[0] ?? schema
  const { def } = unwrap(variant)
  if (def.type === 'array' && Array.isArray(value)) return value.map((_, key) => ({ key, schema: def.element }))
  if (def.type === 'object') return Object.entries(def.shape).filter(([key]) => Object.hasOwn(value, key)).map(([key, schema]) => ({ key, schema }))
  return def.type === 'record' ? Object.keys(value).map((key) => ({ key, schema: def.valueType })) : null
}
