import { isIPv6 } from 'node:net'

/** A person who mistypes a token tries a few times; a program that guesses does not stop. A guess at what tells them apart. */
const MAX_REFUSALS = 10
export const REFUSAL_WINDOW_MS = 60_000
/** Bounds the memory that strangers can fill; about 1 MB. */
const MAX_NETWORKS = 10_000

/** Counts refused sign-ins by network, so that guessing stays slow and cannot flood the audit. */
export class RefusedAttempts {
  readonly #counts = new Map<string, { readonly since: number; readonly refusals: number }>()

  /** Whether this address was refused too often within the window. */
  exceeded(address: string, now: Date): boolean {
    return this.#recent(networkOf(address), now).refusals >= MAX_REFUSALS
  }

  add(address: string, now: Date): void {
    const network = networkOf(address)
    const { since, refusals } = this.#recent(network, now)
    // Deleted first, so that the map stays in the order of the last refusal and the oldest falls out.
    this.#counts.delete(network)
    this.#counts.set(network, { since, refusals: refusals + 1 })
    const oldest = this.#counts.keys().next()
    if (this.#counts.size > MAX_NETWORKS && oldest.done !== true) this.#counts.delete(oldest.value)
  }

  #recent(network: string, now: Date): { readonly since: number; readonly refusals: number } {
    const known = this.#counts.get(network)
    return known !== undefined && now.getTime() - known.since < REFUSAL_WINDOW_MS ? known : { since: now.getTime(), refusals: 0 }
  }
}

/** An IPv6 host owns a whole /64: counting single addresses would count nothing. Source: RFC 4291 §2.5.1 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const known = tail === undefined ? groups : [...groups, '0', '0', '0', '0']
  return `${known.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
