import type { Actor } from '../domain/audit-entry.ts'
import { signedStatement } from '../domain/signed-statement.ts'
import type { Destruction, DestructionCause, DestructionPlan } from '../ports/recording-destroyer.ts'
import type { Signer } from '../ports/signer.ts'

export const DELETION_RECEIPT = 'holdfast-deletion-receipt'
/** Says which form a receipt has; a later one is another number. */
const RECEIPT_VERSION = 1

/** What was destroyed, by whom, when, and under which rule. Holds no numbers and no names but those that somebody typed as the reason. */
export interface DeletionReceipt {
  readonly kind: typeof DELETION_RECEIPT
  readonly version: typeof RECEIPT_VERSION
  readonly installation: string
  readonly recordingId: string
  readonly cause: DestructionCause
  readonly rule: string | null
  readonly reason: string
  readonly orderedBy: Actor
  readonly decidedAt: string
  readonly destroyedAt: string
  readonly destroyed: DestructionPlan
}

export function receiptOf({ recordingId, cause, rule, reason, by, condemnedAt, plan }: Destruction, { installation, at }: { readonly installation: string; readonly at: Date }): DeletionReceipt {
  return {
    kind: DELETION_RECEIPT, version: RECEIPT_VERSION, installation, recordingId, cause, rule, reason, orderedBy: { type: by.type, id: by.id },
    decidedAt: condemnedAt.toISOString(), destroyedAt: at.toISOString(), destroyed: plan,
  }
}

/** As one JSON document. */
export function signedReceipt(receipt: DeletionReceipt, signer: Signer): string {
  return signedStatement(DELETION_RECEIPT, receipt, signer)
}
