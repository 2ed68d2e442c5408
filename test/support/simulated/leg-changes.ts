/** A message of FreeSWITCH's event socket, as JSON. */
export type Headers = Readonly<Record<string, string | readonly string[]>>

/** In a capture: names that the message before had, and this one has no more. */
const GONE = '-'

/** Each message of a leg repeats nearly all of the one before it: a capture keeps what is new in it. */
export function changesOnly(): (message: Headers) => Headers {
  const before = new Map<string, Headers>()
  return (message) => {
    const leg = legOf(message)
    const known = before.get(leg)
    before.set(leg, message)
    if (known === undefined) return message
    const gone = Object.keys(known).filter((name) => !(name in message))
    const changed = Object.entries(message).filter(([name, value]) => name === 'Event-Name' || name === 'Unique-ID' || known[name] !== value)
    return { ...Object.fromEntries(changed), ...gone.length === 0 ? {} : { [GONE]: gone } }
  }
}

/** Undoes {@link changesOnly}. */
export function wholeMessages(): (message: Headers) => Headers {
  const before = new Map<string, Headers>()
  return ({ [GONE]: gone = [], ...changed }) => {
    const leg = legOf(changed)
    const known = Object.entries(before.get(leg) ?? {}).filter(([name]) => !gone.includes(name))
    // The name of the event, and whose it is, stand first, as FreeSWITCH sends them.
    const whole = { 'Event-Name': changed['Event-Name'] ?? '', ...Object.fromEntries(known), ...changed }
    before.set(leg, whole)
    return whole
  }
}

function legOf(message: Headers): string {
  return String(message['Unique-ID'] ?? '')
}
