/** Whether a client is told an event. Source: FreeSWITCH 1.10 mod_event_socket.c, `event_handler`; of patterns only the one that everything matches */
export class EventFilters {
  readonly #filters: { readonly header: string; readonly value: string; readonly effect: 'pass' | 'withhold' }[] = []

  /** @param words - of the command `filter` */
  add(words: string): void {
    const at = words.indexOf(' ')
    const value = words.slice(at + 1)
    this.#filters.push({ header: words.slice(0, at), value: value.replace(/^[-+ ]+/, ''), effect: value.startsWith('-') ? 'withhold' : 'pass' })
  }

  lets(json: string): boolean {
    if (this.#filters.length === 0) return true
    const headers = new Map<string, string | null>()
    let passes = false
    for (const { header, value, effect } of this.#filters) {
      if (passes && effect === 'pass') continue
      let told = headers.get(header)
      if (told === undefined) headers.set(header, told = headerIn(json, header))
      if (told === null || (value !== '/./' && told !== value)) continue
      if (effect === 'withhold') return false
      passes = true
    }
    return passes
  }
}

/** Of a value without escapes, as all that are filtered by. */
function headerIn(json: string, header: string): string | null {
  const begin = `"${header}":"`
  const at = json.indexOf(begin)
  return at === -1 ? null : json.slice(at + begin.length, json.indexOf('"', at + begin.length))
}
