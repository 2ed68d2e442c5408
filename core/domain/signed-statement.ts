import { canonicalJson } from './rules/canonical-json.ts'

/** What a signature of ours is over: the statement's kind, so that no statement passes for one of another kind, and its canonical JSON. */
export function statementBytes(kind: string, statement: unknown): Uint8Array {
  return Buffer.from(`${kind}\n${canonicalJson(statement)}`)
}

/** One JSON document: a body, whose key it is signed with, and the signature. */
export interface SignedStatement {
  readonly receipt: unknown
  readonly keyId: string
  /** For who has no copy of it from elsewhere; that it is the right one only such a copy proves. */
  readonly verificationKey: string
  /** Base64. */
  readonly signature: string
}

export interface StatementSigner {
  readonly keyId: string
  readonly verificationKeyPem: string
  sign(bytes: Uint8Array): Uint8Array
}

export function signedStatement(kind: string, receipt: unknown, signer: StatementSigner): string {
  const signature = Buffer.from(signer.sign(statementBytes(kind, receipt))).toString('base64')
  return canonicalJson({ receipt, keyId: signer.keyId, verificationKey: signer.verificationKeyPem, signature } satisfies SignedStatement)
}

/** A document that may be a signed statement; `null` for one that is none. Its signature is not looked at. */
export function readStatement(text: string): { readonly receipt: Readonly<Record<string, unknown>>; readonly signature: Uint8Array; readonly verificationKey: string; readonly keyId: string } | null {
  const document = parsed(text)
  if (!isMap(document) || !isMap(document['receipt'])) return null
  const { receipt, signature, verificationKey, keyId } = document
  if (!isMap(receipt) || typeof signature !== 'string' || typeof verificationKey !== 'string' || typeof keyId !== 'string') return null
  return { receipt, signature: Buffer.from(signature, 'base64'), verificationKey, keyId }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A stranger's file: that it is no statement is the answer.
    return null
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
