/**
 * One message of Asterisk: an event or a reply. Header names are compared without case.
 * Where a header stands more than once, the first is Asterisk's own: what the dialplan or a stranger adds comes after it.
 */
export class AmiMessage {
  readonly #headers: ReadonlyMap<string, readonly string[]>

  constructor(headers: ReadonlyMap<string, readonly string[]>) {
    this.#headers = headers
  }

  /** The first header of this name, or `null`. */
  get(name: string): string | null {
    return this.#headers.get(name.toLowerCase())?.[0] ?? null
  }

  /** The value, or `null` where Asterisk says that it has none: absent, empty, `<unknown>` or `(null)`. */
  known(name: string): string | null {
    const value = this.get(name)
    return value === null || value === '' || value === '<unknown>' || value === '(null)' ? null : value
  }

  /** All headers of this name, in order. */
  all(name: string): readonly string[] {
    return this.#headers.get(name.toLowerCase()) ?? []
  }
}

/** Headers that asterisk-manager 0.2.0 turns into an object keyed by what stands before the first `=`. Source: its lib/ami.js:145 */
const OBJECT_HEADERS: ReadonlySet<string> = new Set(['variable', 'chanvariable'])

/**
 * The message as it was on the wire, from what asterisk-manager made of it: `Variable: NAME` arrives as `{ NAME: '' }`, a header
 * that is called like a member of Object (`constructor`, `toString`) as an array that begins with that member.
 * Never throws, whatever was parsed.
 */
export function amiMessage(item: object): AmiMessage {
  const headers = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(item) as [string, unknown][]) {
    const values = OBJECT_HEADERS.has(name) ? assignments(value) : strings(value)
    if (values.length > 0) headers.set(name, values)
  }
  return new AmiMessage(headers)
}

function assignments(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return strings(value)
  return Object.entries(value).map(([name, rest]) => (rest === '' ? name : `${name}=${String(rest)}`))
}

function strings(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
}
