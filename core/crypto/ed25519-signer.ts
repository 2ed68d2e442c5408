import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { HoldfastError } from '../domain/errors.ts'
import type { Signer } from '../ports/signer.ts'

/** Signs with Ed25519; the key stays in memory. Source: RFC 8032 */
export class Ed25519Signer implements Signer {
  readonly keyId: string
  readonly verificationKeyPem: string
  readonly #key: KeyObject

  /**
   * @param pem - an Ed25519 key, PKCS #8
   * @throws HoldfastError `KEY_FILE_INVALID`
   */
  constructor(pem: string) {
    this.#key = ed25519(() => createPrivateKey(pem))
    const verification = createPublicKey(this.#key)
    this.keyId = keyIdOf(verification)
    this.verificationKeyPem = verification.export({ format: 'pem', type: 'spki' }).toString()
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.#key)
  }
}

/** A new signing key, as PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** Whether these bytes were signed with the key that this one verifies, and which key it is. @throws HoldfastError `KEY_FILE_INVALID` */
export function verifiedBy(verificationKeyPem: string, bytes: Uint8Array, signature: Uint8Array): { readonly fits: boolean; readonly keyId: string } {
  const key = ed25519(() => createPublicKey(verificationKeyPem))
  return { fits: verify(null, bytes, key, signature), keyId: keyIdOf(key) }
}

function ed25519(read: () => KeyObject): KeyObject {
  try {
    const key = read()
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    // The library's message may hold bytes of the key.
    throw new HoldfastError('KEY_FILE_INVALID', 'the key of the receipts is no key in PEM', {}, { cause })
  }
  throw new HoldfastError('KEY_FILE_INVALID', 'the key of the receipts is no Ed25519 key')
}

function keyIdOf(verification: KeyObject): string {
  return createHash('sha256').update(verification.export({ format: 'der', type: 'spki' })).digest('hex').slice(0, 16)
}
