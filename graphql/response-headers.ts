import type { IncomingMessage, ServerResponse } from 'node:http'

/** A year. Source: RFC 6797 §6.1.1; two years are asked for by preload lists only. */
const HSTS_SECONDS = 31_536_000

/** Headers that every answer has: nothing is kept, framed, guessed or told to other sites. */
export function setSecurityHeaders(response: ServerResponse, transport: 'tls' | 'plain'): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (transport === 'tls') response.setHeader('Strict-Transport-Security', `max-age=${HSTS_SECONDS}`)
}

/**
 * Audio is heard on a desk's page of another origin, or by opening the link itself: the ticket in its address is the right to
 * hear it, which no page can guess. Browsers obey both headers also in the page that they make around a sound (seen in Chromium).
 */
export function setMediaHeaders(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', "default-src 'none'; media-src 'self'; frame-ancestors 'none'")
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
}

/**
 * Lets pages of the listed origins read the answer. Tokens travel in a header that a page must set itself, so no credentials
 * are allowed and no other origin gains anything.
 * @returns whether the origin is one of them
 */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers
  if (origins.length > 0) response.setHeader('Vary', 'Origin')
  if (origin === undefined || !origins.includes(origin)) return false
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Expose-Headers', 'Accept-Ranges, Content-Range, ETag, Retry-After')
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
  return true
}

/** The answer to a browser's question whether it may ask. Source: Fetch, CORS-preflight request */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, HEAD, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Range, Range, X-Holdfast-Reason',
    'Access-Control-Max-Age': '600',
  })
  response.end()
}
