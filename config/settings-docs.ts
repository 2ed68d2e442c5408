import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isMap } from './leaves.ts'
import { literalType, unwrap } from './schema-walk.ts'
import { SECRET_VARIABLES } from './secrets.ts'

/** One line of the documents. */
interface Row {
  readonly path: string
  readonly allowed: string
  readonly fallback: string
  readonly reason: string
}

const A_MAP = 'a map'
const HEAD = `# Settings

Made from \`config/*.ts\` by \`node config/write-docs.ts\`; a unit test fails when it is stale.

- One YAML 1.2 file: \`--config\`, else \`$HOLDFAST_CONFIG\`, else \`/etc/holdfast/holdfast.yaml\`. A commented example: [holdfast.example.yaml](../config/holdfast.example.yaml). For editors: [settings.schema.json](settings.schema.json).
- Every fault is told at once, with line and column. A setting that does not exist is a fault. \`holdfast config check\` only reads.
- Relative paths begin at the file's folder.
- A secret is given by value, by a file that holds it alone, or by the environment, which goes before both: ${SECRET_VARIABLES.map((name) => `\`${name}\``).join(', ')} (\`<ID>\`: the PBX's id in capitals, \`_\` for \`-\`).
- Text that looks like a number needs quotes: \`caller: '0041…'\`.
`

const OWN_WORDS = ['allowed', 'path', 'secret', 'defaultText'] as const

/** The Markdown of every setting. */
export function settingsMarkdown(schema: z.core.$ZodType): string {
  const { def } = unwrap(schema)
  const sections = Object.entries(def.type === 'object' ? def.shape : {}).map(([name, child]) => {
    const { meta } = unwrap(child)
    const rows = rowsOf(child, name, null).filter(({ path, allowed }) => path !== `\`${name}\`` || allowed !== A_MAP)
    return [`## ${name}`, '', meta.description ?? '', '', '| setting | allowed | default | why |', '|---|---|---|---|', ...rows.map(rowText), ''].join('\n')
  })
  return [HEAD, ...sections].join('\n')
}

/** The same for editors: JSON Schema. */
export function settingsJsonSchema(schema: z.core.$ZodType): string {
  // Words of ours that mean nothing to an editor.
  const override = ({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void => OWN_WORDS.forEach((word) => delete jsonSchema[word])
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override }), null, 2)}\n`
}

/** The rows below a schema, its own one first; `only`: the variant of a choice that they belong to. */
function rowsOf(schema: z.core.$ZodType, label: string, only: string | null): readonly Row[] {
  const own = rowOf(schema, label, only)
  const { def } = unwrap(schema)
  return def.type === 'array' ? [own, ...below(def.element, `${label}[]`, only)] : [own, ...below(schema, label, only)]
}

function below(schema: z.core.$ZodType, label: string, only: string | null): readonly Row[] {
  const { def } = unwrap(schema)
  if (def.type === 'object') return Object.entries(def.shape).flatMap(([name, child]) => rowsOf(child, `${label}.${name}`, only))
  if (def.type !== 'union') return []
  if (def.options.length === 1 || def.options.every((option) => literalType(option) === null)) return def.options.flatMap((option) => below(option, label, only))
  return sharedOnce(def.options.map((option) => below(option, label, [only, String(literalType(option))].filter((part) => part !== null).join(', '))), def.options.map((option) => below(option, label, only)))
}

/** What every variant says in the same words stands once, without the names of variants. */
function sharedOnce(named: readonly (readonly Row[])[], plain: readonly (readonly Row[])[]): readonly Row[] {
  const inAll = (row: Row): boolean => plain.every((rows) => rows.some((other) => isDeepStrictEqual(other, row)))
  return plain.flatMap((rows, variant) => rows.flatMap((row, index) => {
    const own = named[variant]?.[index]
    if (inAll(row)) return variant === 0 ? [row] : []
    return own === undefined ? [] : [own]
  }))
}

function rowOf(schema: z.core.$ZodType, label: string, only: string | null): Row {
  const { def, meta, defaultValue, nullable } = unwrap(schema)
  const allowed = def.type === 'literal' ? `\`${def.values.join(', ')}\`` : (meta.allowed ?? A_MAP)
  return {
    path: only === null ? `\`${label}\`` : `\`${label}\` (${only})`,
    allowed: nullable ? `${allowed}, or null` : allowed,
    fallback: meta.defaultText ?? fallbackText(schema, defaultValue, nullable),
    reason: meta.description ?? '',
  }
}

function fallbackText(schema: z.core.$ZodType, defaultValue: unknown, nullable: boolean): string {
  if (isMap(defaultValue)) return Object.keys(defaultValue).length === 0 ? 'those below' : `\`${JSON.stringify(defaultValue)}\``
  if (defaultValue !== undefined) return `\`${JSON.stringify(defaultValue)}\``
  if (z.safeParse(schema, undefined).success) return nullable ? '`null`' : 'none'
  return '**must be given**'
}

function rowText({ path, allowed, fallback, reason }: Row): string {
  return `| ${[path, allowed, fallback, reason].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
