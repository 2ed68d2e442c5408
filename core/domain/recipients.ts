export const KEY_PURPOSES = ['operational', 'escrow'] as const
/** What a recipient's identity is for: to play recordings every day, or to lie in a safe until the other one is lost. */
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** One whom recordings are, or were, sealed to. */
export interface NamedRecipient {
  /** In age's words: age1…. */
  readonly recipient: string
  /** As people call it; `null`: nobody gave it a name. */
  readonly name: string | null
  readonly purpose: KeyPurpose
  /** `retired`: nothing new is sealed to it, and a rotation takes it out of what is. */
  readonly standing: 'current' | 'retired'
}

/** A recipient of which nothing is said but what it is. */
export function recipientNamed(recipient: string): NamedRecipient {
  return { recipient, name: null, purpose: 'operational', standing: 'current' }
}

/** One writing of a set of recipients, by which two of them are told apart: no order, nobody twice. */
export function recipientSet(recipients: readonly string[]): string {
  return JSON.stringify([...new Set(recipients)].sort())
}
