/** Somebody for whom an identity provider vouches, by the claims of a token that was proved. */
export interface AssertedPerson {
  /** The provider's name for her, which never becomes somebody else's. */
  readonly subject: string
  readonly issuer: string
  /** For people. */
  readonly name: string
  /** What stands in the claim of roles. */
  readonly roles: readonly string[]
  readonly partitions: readonly string[]
  readonly units: readonly string[]
  readonly agent: string | null
  readonly until: Date
}

/** `expired`: it was good once; `invalid`: it is none of this provider's, or for somebody else; `unreachable`: nobody knows, because the provider gave no keys. */
export type AssertionRefusal = 'invalid' | 'expired' | 'unreachable'

/** Proves bearer tokens that somebody else signed. */
export interface IdentityProvider {
  /** Never throws for what is wrong with a token. Waits for the provider's keys, up to a deadline. */
  prove(token: string): Promise<{ readonly outcome: 'proved'; readonly person: AssertedPerson } | { readonly outcome: AssertionRefusal }>
}
