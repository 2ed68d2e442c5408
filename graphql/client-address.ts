import type { IncomingMessage } from 'node:http'

/** Where a request came from: the peer, or what proxies that we trust say. `unknown` when the peer has gone already. */
export function clientAddress(request: IncomingMessage, trustedProxies: readonly string[]): string {
  const peer = plain(request.socket.remoteAddress ?? 'unknown')
  if (!trustedProxies.includes(peer)) return peer
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')
  // From the right: what stands left of the last address that we do not trust was written by the client.
  return plain(forwarded.findLast((address) => !trustedProxies.includes(plain(address))) ?? peer).slice(0, MAX_ADDRESS_LENGTH)
}

/** An IPv6 address with a zone fits; a stranger's header does not fill the audit. */
const MAX_ADDRESS_LENGTH = 64

/** An IPv4 peer of an IPv6 socket is told as IPv4. Source: RFC 4291 §2.5.5.2 */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
