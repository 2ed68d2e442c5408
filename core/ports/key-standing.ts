import type { NamedRecipient } from '../domain/recipients.ts'

/** The keys of this node, as far as everybody may know them: recipients, and which of them are opened here. Never an identity. */
export interface KeyStanding {
  /** Everybody whom the settings name, retired ones too. */
  readonly recipients: readonly NamedRecipient[]
  /** Recipients whose identities are here. */
  readonly openable: readonly string[]
}
