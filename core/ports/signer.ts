/** Signs statements of this installation with Ed25519, so that they can be checked without it. */
export interface Signer {
  /** The first 16 hexadecimal digits of the SHA-256 of the verification key's DER form. */
  readonly keyId: string
  /** What others check with: SPKI, PEM. */
  readonly verificationKeyPem: string
  /** 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}
