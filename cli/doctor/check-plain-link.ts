import { isLoopback } from '../../config/leaves.ts'
import { type Check, checksOf } from './check.ts'

/** A link that the settings allow to go in clear over a network. */
export function checkPlainLink(subject: string, { host, encrypted }: { readonly host: string; readonly encrypted: boolean }): readonly Check[] {
  if (encrypted || isLoopback(host)) return []
  return [checksOf(subject).warn(`the link to ${host} goes over the network in clear, as \`allowPlaintextTo\` allows: whoever hears it can take over the PBX`, 'Well where all traffic to that host is encrypted, as by WireGuard; else use TLS or a tunnel.')]
}
