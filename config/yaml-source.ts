import { Composer, type CST, Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, Parser, type YAMLMap, YAMLParseError } from 'yaml'
import type { SettingPath } from './schema-walk.ts'

/** A place in the settings file, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A settings file as plain values, with the place of each. */
export interface YamlSource {
  /** Maps, lists and scalars; `null` for an empty file. Of a key that stands twice, the last one. */
  readonly value: unknown
  /** Faults of the notation itself: then `value` is `null`, unless all of them are keys that stand twice. */
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
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  // An editor shows no mark, and counts none.
  const document = composed(text.replace(/^\ufeff/, ''), lines)
  const faults = [...document.errors, ...document.warnings].map((fault) => ({ message: fault.message, position: position(fault.pos[0]) }))
  const twice = faults.length > 0 ? [] : keysTwice(document.contents).map((offset) => ({ message: 'Map keys must be unique', position: position(offset) }))
  const plain = faults.length > 0 ? { value: null, fault: null } : plainValue(document)
  return {
    value: plain.value,
    faults: plain.fault === null ? [...faults, ...twice] : [{ message: plain.fault, position: position(0) }],
    positionOf: (path) => position(offsetOf(document, path, 'value')),
    positionOfKey: (path) => position(offsetOf(document, path, 'key')),
    writtenAt: (path) => {
      const { node, rest } = nearest(document, path)
      return rest === 0 && isScalar(node) && typeof node.source === 'string' ? node.source : null
    },
  }
}

/** What lies deeper is refused before the package composes it: that goes down by recursion, and tells the end of its stack in hundreds of faults (seen with yaml 2.9). */
const MAX_DEPTH = 256
/** `uniqueKeys` of the package compares each key with each other one of its map (100 000 keys take minutes); we look ourselves. */
const OPTIONS = { prettyErrors: false, uniqueKeys: false, stringKeys: true } as const

function composed(text: string, lineCounter: LineCounter): Document {
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)]
  const tooDeepAt = firstBelow(tokens, MAX_DEPTH)
  const found = tooDeepAt === null ? [...new Composer({ ...OPTIONS, lineCounter }).compose(tokens, true, text.length)] : []
  const [document = new Document(null), second] = found
  if (tooDeepAt !== null) document.errors.push(new YAMLParseError([tooDeepAt, tooDeepAt], 'RESOURCE_EXHAUSTION', `lies more than ${MAX_DEPTH} deep`))
  if (second !== undefined) document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', 'a second document begins here: only one is read'))
  return document
}

/** Where the first token begins that lies deeper, or `null`. */
function firstBelow(roots: readonly CST.Token[], depth: number): number | null {
  let level: readonly CST.Token[] = roots
  // A list and its item, a map and its value: one step each.
  for (let step = 0; level.length > 0; step += 1) {
    if (step > depth) return level[0]?.offset ?? 0
    level = level.flatMap(tokensWithin)
  }
  return null
}

function tokensWithin(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat())
}

/** Where keys stand that their map has already. */
function keysTwice(root: unknown): readonly number[] {
  const offsets: number[] = []
  const open: unknown[] = [root]
  while (open.length > 0) {
    const node = open.pop()
    if (isSeq(node)) for (const item of node.items) open.push(item)
    if (!isMap(node)) continue
    const keys = new Set<string>()
    for (const { key, value } of node.items) {
      open.push(value)
      if (!isScalar(key)) continue
      const name = String(key.value)
      if (keys.has(name)) offsets.push(key.range?.[0] ?? 0)
      keys.add(name)
    }
  }
  return offsets.toSorted((one, other) => one - other)
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
    const pair = pairsOf(node).get(String(part))
    return pair === undefined ? null : { key: pair.key as Node, node: resolved(document, pair.value as Node | null) }
  }
  const item = isSeq(node) && typeof part === 'number' ? node.items[part] : undefined
  return item === undefined ? null : { key: null, node: resolved(document, item as Node) }
}

/** By their keys, the last of each as in the value: a file with a fault in each of its lines asks as often as it has lines. */
const PAIRS = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = PAIRS.get(map)
  if (known !== undefined) return known
  const pairs = new Map(map.items.flatMap((item) => isScalar(item.key) ? [[String(item.key.value), item] as const] : []))
  PAIRS.set(map, pairs)
  return pairs
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node
}

function offsetOf(document: Document, path: SettingPath, what: 'key' | 'value'): number {
  const { node, key } = nearest(document, path)
  const wanted = what === 'key' ? (key ?? node) : (node ?? key)
  return wanted?.range?.[0] ?? key?.range?.[0] ?? 0
}
