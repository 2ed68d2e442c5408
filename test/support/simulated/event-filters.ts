/** Whether a client is told an event. Source: FreeSWITCH 1.10 mod_event_socket.c, `event_handler` */
export class EventFilters {
  readonly #filters: { readonly header: string; readonly matches: (told: string) => boolean; readonly effect: 'pass' | 'withhold' }[] = []

  /** @param words - of the command `filter` */
  add(words: string): void {
    const at = words.indexOf(' ')
    const value = words.slice(at + 1)
    this.#filters.push({ header: words.slice(0, at), matches: matcherOf(value), effect: value.startsWith('-') ? 'withhold' : 'pass' })
  }

  lets(json: string): boolean {
    if (this.#filters.length === 0) return true
    const headers = new Map<string, string | null>()
    let passes = false
    for (const { header, matches, effect } of this.#filters) {
      if (passes && effect === 'pass') continue
      let told = headers.get(header)
      if (told === undefined) headers.set(header, told = headerIn(json, header))
      if (told === null || !matches(told)) continue
      if (effect === 'withhold') return false
      passes = true
    }
    return passes
  }
}

/** Patterns are those of what lets pass; what withholds compares whole values. */
function matcherOf(value: string): (told: string) => boolean {
  const pattern = value.startsWith('/') ? new RegExp(value.slice(1, -1)) : null
  const whole = value.replace(/^[-+ ]+/, '').toLowerCase()
  return (told) => (pattern === null ? told.toLowerCase() === whole : pattern.test(told))
}

/** Of a value without escapes, as all that are filtered by. */
function headerIn(json: string, header: string): string | null {
  const begin = `"${header}":"`
  const at = json.indexOf(begin)
  return at === -1 ? null : json.slice(at + begin.length, json.indexOf('"', at + begin.length))
}
