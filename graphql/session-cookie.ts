import type { IncomingMessage, ServerResponse } from 'node:http'

/** Under https the name itself says that no other host and no plain page set it. Source: RFC 6265bis §4.1.3.2 */
const NAMES = { tls: '__Host-holdfast', plain: 'holdfast-session' } as const
/** A text of ours has 60; beyond this it is none. */
const MAX_LENGTH = 100

/** Whether browsers come over https, here or through a proxy. */
export type CookieTransport = keyof typeof NAMES

/** The session that a request brings, or `null`. Two of one name are none: one of them is somebody else's. */
export function sessionCookie({ headers }: IncomingMessage, transport: CookieTransport): string | null {
  const found = (headers.cookie ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && pair.slice(0, at).trim() === NAMES[transport] ? [pair.slice(at + 1).trim()] : []
  })
  const [value] = found
  return value === undefined || found.length > 1 || value === '' || value.length > MAX_LENGTH ? null : value
}

/** Kept until the browser closes: how long it is worth anything, the server says. No page can read it, no other site sends it. */
export function setSessionCookie(response: ServerResponse, text: string, transport: CookieTransport): void {
  response.setHeader('Set-Cookie', `${NAMES[transport]}=${text}; ${attributes(transport)}`)
}

export function clearSessionCookie(response: ServerResponse, transport: CookieTransport): void {
  response.setHeader('Set-Cookie', `${NAMES[transport]}=; Max-Age=0; ${attributes(transport)}`)
}

function attributes(transport: CookieTransport): string {
  return `Path=/; HttpOnly; SameSite=Strict${transport === 'tls' ? '; Secure' : ''}`
}
