import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { SettingPath } from './schema-walk.ts'

/** A place in the settings file, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A settings file as plain values, with the place of each. */
export interface YamlSource {
  /** Maps, lists and scalars; `null` for an empty file. */
  readonly value: unknown
  /** Faults of the notation itself: then `value` is `null`. */
  readonly faults: readonly { readonly message: string; readonly position: Position }[]
  /** Where the setting at this path stands, or the nearest one around it. */
  positionOf(path: SettingPath): Position
  /** The key of the setting, for one that ought not to be there. */
  positionOfKey(path: SettingPath): Position
  /** The scalar as it was written, such as `0041`, or `null` for anything else. */
  writtenAt(path: SettingPath): string | null
}

/** More references than any settings file needs, and few enough that nested ones cannot grow into gigabytes. */
const MAX_ALIASES = 50

/** Reads YAML 1.2. Never throws: faults are part of the answer. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true })
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...document.errors, ...document.warnings].map((fault) => ({ message: fault.message, position: position(fault.pos[0]) }))
  const plain = faults.length > 0 ? { value: null, fault: null } : plainValue(document)
  return {
    value: plain.value,
    faults: plain.fault === null ? faults : [{ message: plain.fault, position: position(0) }],
    positionOf: (path) => position(offsetOf(document, path, 'value')),
    positionOfKey: (path) => position(offsetOf(document, path, 'key')),
    writtenAt: (path) => {
      const { node, rest } = nearest(document, path)
      return rest === 0 && isScalar(node) && typeof node.source === 'string' ? node.source : null
    },
  }
}

function plainValue(document: Document): { readonly value: unknown; readonly fault: string | null } {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, fault: null }
  } catch (error) {
    // Too many references, or one to an anchor that is not there: the package throws for these two.
    return { value: null, fault: error instanceof Error ? error.message : String(error) }
  }
}

interface Found {
  readonly node: Node | null
  readonly key: Node | null
  /** Parts of the path that were not found. */
  readonly rest: number
}

function nearest(document: Document, path: SettingPath): Found {
  let found: Found = { node: resolved(document, document.contents), key: null, rest: path.length }
  for (const [index, part] of path.entries()) {
    const next = step(document, found.node, part)
    if (next === null) return found
    found = { ...next, rest: path.length - index - 1 }
  }
  return found
}

function step(document: Document, node: Node | null, part: string | number): Omit<Found, 'rest'> | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part))
    return pair === undefined ? null : { key: pair.key as Node, node: resolved(document, pair.value as Node | null) }
  }
  const item = isSeq(node) && typeof part === 'number' ? node.items[part] : undefined
  return item === undefined ? null : { key: null, node: resolved(document, item as Node) }
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node
}

function offsetOf(document: Document, path: SettingPath, what: 'key' | 'value'): number {
  const { node, key } = nearest(document, path)
  const wanted = what === 'key' ? (key ?? node) : (node ?? key)
  return wanted?.range?.[0] ?? key?.range?.[0] ?? 0
}
