import { createHash } from 'node:crypto'

/** Plain data as JSON whose text follows the content alone: keys in order of their code units, no spaces. Lists keep their order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) => (isMap(held) ? Object.fromEntries(Object.entries(held).sort(byKey)) : held))
}

/** SHA-256 of a text's UTF-8, hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
