/** A party as SIP headers write it: `"Name" <sip:user@host>;tag=x`. */
export type SipAddress = {
  readonly displayName: string | null
  readonly uri: string
  readonly parameters: ReadonlyMap<string, string>
}

export type HostAndPort = { readonly host: string; readonly port: number }

const DEFAULT_SIP_PORT = 5060

/** Null when the text is no address. Source: RFC 3261 §20.10 */
export function parseSipAddress(text: string): SipAddress | null {
  const bracketed = /^\s*(?:"((?:\\.|[^"\\])*)"|([^"<]*))\s*<([^<>\s]+)>\s*((?:;.*)?)$/s.exec(text)
  if (bracketed?.[3] !== undefined) {
    const name = (bracketed[1]?.replaceAll(/\\(.)/gs, '$1') ?? bracketed[2] ?? '').trim()
    return { displayName: name === '' ? null : name, uri: bracketed[3], parameters: parseParameters(bracketed[4] ?? '') }
  }
  // Without brackets the parameters belong to the header, not to the URI.
  const bare = /^\s*([a-z][a-z0-9+.-]*:[^\s;<>]+)((?:;.*)?)$/is.exec(text)
  return bare?.[1] === undefined ? null : { displayName: null, uri: bare[1], parameters: parseParameters(bare[2] ?? '') }
}

/** `;a=1;b;c="x"` as a map; names in small letters, a parameter without a value is the empty text. */
export function parseParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const match of text.matchAll(/;\s*([^\s;=]+)\s*(?:=\s*("(?:\\.|[^"\\])*"|[^;]*))?/g)) {
    const value = (match[2] ?? '').trim()
    parameters.set((match[1] ?? '').toLowerCase(), value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value)
  }
  return parameters
}

/** Where a `sip:` URI is reached, or null when it is none. */
export function hostOfUri(uri: string): HostAndPort | null {
  const match = /^sip:(?:[^@]*@)?(\[[0-9a-f:]+\]|[^:;?@[\]]+)(?::(\d{1,5}))?(?:[;?].*)?$/is.exec(uri)
  if (match?.[1] === undefined) return null
  const port = match[2] === undefined ? DEFAULT_SIP_PORT : Number(match[2])
  return port > 0 && port < 65_536 ? { host: match[1].replaceAll(/[[\]]/g, ''), port } : null
}

/** The user part of a `sip:` URI, decoded; null when it has none. */
export function userOfUri(uri: string): string | null {
  const user = /^sips?:([^@:;]+)(?:[:;][^@]*)?@/i.exec(uri)?.[1]
  if (user === undefined) return null
  try {
    return decodeURIComponent(user)
  } catch {
    // A stray percent sign is not worth refusing a call for.
    return user
  }
}

/** Reads `host:port`; the port may be left out. */
export function parseHostAndPort(text: string): HostAndPort | null {
  return hostOfUri(`sip:${text}`)
}
