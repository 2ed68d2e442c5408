/** Headers that Asterisk writes before any that a caller can fill. Source: Asterisk 22 manager.c, manager_channels.c (channel snapshot) */
const BEFORE_THE_CALLER: ReadonlySet<string> = new Set(['event', 'response', 'privilege', 'timestamp', 'actionid', 'message', 'eventlist', 'channel', 'channelstate', 'channelstatedesc'])
/** Headers that Asterisk itself repeats: of each channel of a message the variables that `channelvars` in manager.conf lists. */
const REPEATED = /(?:chanvariable|^output)$/

/**
 * One message of Asterisk: an event or a reply. Header names are compared without case.
 *
 * A caller can forge headers: Asterisk unescapes `%0d%0a` in the user part of a SIP address and writes it raw into CallerIDNum and
 * Exten (seen with 22.10). What stands before these is Asterisk's own in its first copy; what stands behind them (Uniqueid, Linkedid,
 * Variable, the body of a UserEvent) in its last. A message with two channels has both kinds behind each other: see `isAmbiguous`.
 */
export class AmiMessage {
  readonly #headers: ReadonlyMap<string, readonly string[]>

  constructor(headers: ReadonlyMap<string, readonly string[]>) {
    this.#headers = headers
  }

  /** The header of this name that is Asterisk's own, or `null`. */
  get(name: string): string | null {
    const key = name.toLowerCase()
    return this.#headers.get(key)?.at(BEFORE_THE_CALLER.has(key) ? 0 : -1) ?? null
  }

  /** Whether a header stands more than once that Asterisk writes once: then somebody has written line breaks into a call. */
  get isAmbiguous(): boolean {
    return [...this.#headers].some(([name, values]) => values.length > 1 && !REPEATED.test(name))
  }

  /** The names of its headers, in lower case, in the order in which each stands first. */
  get names(): readonly string[] {
    return [...this.#headers.keys()]
  }

  /** The value, or `null` where Asterisk says that it has none: absent, empty, `<unknown>` or `(null)`. */
  known(name: string): string | null {
    const value = this.get(name)
    return value === null || value === '' || value === '<unknown>' || value === '(null)' ? null : value
  }

  /** The same message with one header as given. */
  with(name: string, value: string): AmiMessage {
    return new AmiMessage(new Map([...this.#headers, [name.toLowerCase(), [value]]]))
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
