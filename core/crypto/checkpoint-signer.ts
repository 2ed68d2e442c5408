import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Checkpoint, type CheckpointKey, checkpointKey, checkpointText, signedNote, type SignedCheckpoint } from '../domain/audit/checkpoint.ts'
import { HoldfastError } from '../domain/errors.ts'
import type { NodeName } from '../domain/ids.ts'
import type { CheckpointSigner } from '../ports/audit-evidence.ts'

/** Signs with Ed25519. The private key stays in memory. Source: RFC 8032; C2SP signed-note */
export class Ed25519CheckpointSigner implements CheckpointSigner {
  readonly publicKey: CheckpointKey
  readonly #key: KeyObject

  /**
   * @param pem - an Ed25519 key, PKCS #8
   * @throws HoldfastError `KEY_FILE_INVALID`
   */
  constructor(node: NodeName, pem: string) {
    this.#key = privateKeyOf(pem)
    this.publicKey = checkpointKey(`holdfast/${node}`, createPublicKey(this.#key))
  }

  sign(checkpoint: Checkpoint): SignedCheckpoint {
    const text = checkpointText(checkpoint)
    const signature = sign(null, Buffer.from(text), this.#key)
    const { name, id } = this.publicKey
    return { ...checkpoint, keyName: name, keyId: id, signature, note: signedNote(text, this.publicKey, signature) }
  }
}

/** A new private key as PEM. */
export function newCheckpointKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

function privateKeyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    // The message of the library may hold bytes of the key.
    throw new HoldfastError('KEY_FILE_INVALID', 'the key of the audit is no private key in PEM', {}, { cause })
  }
  throw new HoldfastError('KEY_FILE_INVALID', 'the key of the audit is no Ed25519 key')
}
