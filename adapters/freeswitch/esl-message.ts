import type { ParsedEvent } from 'modesl'

/** Kinds of messages on an event socket. Source: FreeSWITCH mod_event_socket, header `Content-Type` */
export type EslMessageKind = 'auth/request' | 'command/reply' | 'api/response' | 'text/event-json' | 'log/data' | 'text/disconnect-notice' | 'text/rude-rejection'

/** One message of FreeSWITCH: an event, a reply or a line of its log. Header names are exact. */
export class EslMessage {
  /** `null` for a kind that we do not know. */
  readonly kind: string
  /** What an API command answered, or the text of a log line. */
  readonly body: string
  readonly #headers: ReadonlyMap<string, string>

  constructor(kind: string, headers: ReadonlyMap<string, string>, body: string) {
    this.kind = kind
    this.#headers = headers
    this.body = body
  }

  get(name: string): string | null {
    return this.#headers.get(name) ?? null
  }

  /** The value, or `null` where FreeSWITCH says that it has none: absent, empty or `_undef_`. */
  known(name: string): string | null {
    return knownText(this.get(name))
  }

  /** A channel variable as it stood when the event was made. */
  variable(name: string): string | null {
    return this.known(`variable_${name}`)
  }

  /** Every header, in the order in which it was sent. */
  entries(): IterableIterator<[string, string]> {
    return this.#headers.entries()
  }
}

/** A value as FreeSWITCH prints it, or `null` where it says that it has none: empty, or `_undef_`. */
export function knownText(value: string | null): string | null {
  return value === '' || value === '_undef_' ? null : value
}

/** What modesl made of a message. Never throws, whatever was parsed: values that are no text are left out. */
export function eslMessage(event: ParsedEvent, outer: Readonly<Record<string, unknown>>, body: string | undefined): EslMessage {
  const kind = typeof outer['Content-Type'] === 'string' ? outer['Content-Type'] : ''
  return new EslMessage(kind, headersOf(event.headers.map(({ name, value }) => [name, value] as const)), body ?? '')
}

/** A channel as `uuid_dump <uuid> json` describes it, like an event of its; `null` where that is none, such as `-ERR No such channel!`. */
export function dumpedChannel(text: string): EslMessage | null {
  if (!text.startsWith('{')) return null
  try {
    return new EslMessage('text/event-json', headersOf(Object.entries(JSON.parse(text) as object)), '')
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function headersOf(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of entries) {
    if (typeof value === 'string') headers.set(name, value)
    else if (Array.isArray(value) && value.every((each) => typeof each === 'string')) headers.set(name, `ARRAY::${value.join('|:')}`)
  }
  return headers
}
