import type { Actor } from './audit-entry.ts'

/** By whom and from where something was asked for over the API: told to the audit, and decides nothing. */
export interface ApiClient {
  readonly type: Actor['type']
  /** An IP address, or `local`. */
  readonly address: string
  readonly label: string
  /** Let in by what the catalogue said then (ISO 8601), as it did not answer. */
  readonly knownAt?: string
}

/** Absent: no client of the API asked for it, or an earlier version noted it. */
export interface FromApi {
  readonly client?: ApiClient
}

/** Whoever asked for something, in one piece: as capture was told it, it stands in the journal. */
export type Asker = Actor & FromApi

/** The client alone of whatever has one. */
export function fromApi({ client }: FromApi): FromApi {
  return client === undefined ? {} : { client }
}
