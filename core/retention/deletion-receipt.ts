import { canonicalJson } from '../domain/rules/canonical-json.ts'
import type { Actor } from '../domain/audit-entry.ts'
import type { Destruction, DestructionCause, DestructionPlan } from '../ports/recording-destroyer.ts'
import type { Signer } from '../ports/signer.ts'

/** Says which form a receipt has; a later one is another number. */
const RECEIPT_VERSION = 1

/** What was destroyed, by whom, when, and under which rule. Holds no numbers and no names but those that somebody typed as the reason. */
export interface DeletionReceipt {
  readonly holdfastDeletionReceipt: typeof RECEIPT_VERSION
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

/** A receipt as it is handed out: its canonical JSON is what the signature is over. */
export interface SignedReceipt {
  readonly receipt: DeletionReceipt
  readonly keyId: string
  /** For who has no copy of it from elsewhere; that it is the right one only such a copy proves. */
  readonly verificationKey: string
  /** Base64. */
  readonly signature: string
}

export function receiptOf({ recordingId, cause, rule, reason, by, condemnedAt, plan }: Destruction, { installation, at }: { readonly installation: string; readonly at: Date }): DeletionReceipt {
  return {
    holdfastDeletionReceipt: RECEIPT_VERSION, installation, recordingId, cause, rule, reason, orderedBy: { type: by.type, id: by.id },
    decidedAt: condemnedAt.toISOString(), destroyedAt: at.toISOString(), destroyed: plan,
  }
}

/** As one JSON document. */
export function signedReceipt(receipt: DeletionReceipt, signer: Signer): string {
  const signature = Buffer.from(signer.sign(signedBytes(receipt))).toString('base64')
  return canonicalJson({ receipt, keyId: signer.keyId, verificationKey: signer.verificationKeyPem, signature } satisfies SignedReceipt)
}

/** What a signature is over: no other document of ours begins with this word. */
export function signedBytes(receipt: unknown): Uint8Array {
  return Buffer.from(`holdfast-deletion-receipt\n${canonicalJson(receipt)}`)
}

/** A document that may be a receipt; `null` for one that is none. Its signature is not looked at. */
export function readReceipt(text: string): { readonly receipt: DeletionReceipt; readonly signature: Uint8Array; readonly verificationKey: string; readonly keyId: string } | null {
  const document = parsed(text)
  if (!isMap(document) || !isMap(document['receipt']) || document['receipt']['holdfastDeletionReceipt'] !== RECEIPT_VERSION) return null
  const { receipt, signature, verificationKey, keyId } = document
  if (typeof signature !== 'string' || typeof verificationKey !== 'string' || typeof keyId !== 'string') return null
  return { receipt: receipt as unknown as DeletionReceipt, signature: Buffer.from(signature, 'base64'), verificationKey, keyId }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A stranger's file: that it is no receipt is the answer.
    return null
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
