import { readFileSync } from 'node:fs'

/** How ids are recognised in a captured message: each match of a pattern's first group is one. The kind is one letter. */
export interface IdPattern {
  readonly kind: string
  readonly pattern: RegExp
}

/** What a PBX sent while one thing happened, with its ids taken out: it can be played any number of times, each time with ids of its own. */
export interface Scene {
  /** Messages by the part of the scene in which they came. */
  readonly stages: ReadonlyMap<string, readonly string[]>
}

const MARK = /^# (\w+)$/
/** Brackets that no PBX writes. */
const PLACE = /⟦(\w)(\d+)⟧/g

/**
 * Reads a capture: messages with a line `===` behind each, parts begun by `# name`. The n-th id of a kind in one capture means what it
 * means in another that begins in the same way, so that a scene may go on with the part of another one.
 */
export function readScene(file: string, ids: readonly IdPattern[]): Scene {
  const text = readFileSync(file, 'utf8')
  const places = placesOf(text, ids)
  const literals = [...places.keys()].toSorted((one, other) => other.length - one.length).map((literal) => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const all = new RegExp(`(?<![0-9A-Za-z])(?:${literals.join('|')})(?![0-9A-Za-z])`, 'g')
  const stages = new Map<string, string[]>()
  let stage: string[] = []
  for (const piece of text.replaceAll(all, (literal) => places.get(literal) ?? literal).split('\n===\n')) {
    const lines = piece.split('\n')
    const mark = MARK.exec(lines[0] ?? '')?.[1]
    if (mark !== undefined) {
      stage = []
      stages.set(mark, stage)
      lines.shift()
    }
    const message = lines.join('\n').trimEnd()
    if (message !== '') stage.push(message)
  }
  return { stages }
}

function placesOf(text: string, ids: readonly IdPattern[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const { kind, pattern } of ids) {
    let count = 0
    for (const [, literal] of text.matchAll(pattern)) {
      if (literal === undefined || literal === '' || places.has(literal)) continue
      places.set(literal, `⟦${kind}${count}⟧`)
      count += 1
    }
  }
  return places
}

/** The ids of one play of a scene. */
export class Cast {
  readonly #mint: (kind: string, index: number) => string
  readonly #ids = new Map<string, string>()

  constructor(mint: (kind: string, index: number) => string) {
    this.#mint = mint
  }

  id(kind: string, index: number): string {
    const key = kind + index
    let id = this.#ids.get(key)
    if (id === undefined) this.#ids.set(key, id = this.#mint(kind, index))
    return id
  }

  fill(message: string): string {
    return message.replaceAll(PLACE, (_, kind: string, index: string) => this.id(kind, Number(index)))
  }
}
