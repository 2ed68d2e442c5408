import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { derBitString, derElement, derInteger, derObjectIdentifier, derOctetString, derSequence, derSet, derTrue, derUtcTime, derUtf8String } from './der.ts'

export type SelfSignedCertificate = { readonly certificatePem: string; readonly keyPem: string }

/** A clock that is a day wrong does not matter; a laboratory does not live for a year. */
const VALID_BEFORE_MS = 24 * 3600 * 1000
const VALID_AFTER_MS = 365 * 24 * 3600 * 1000

/** Source: RFC 5480 §2.1.1, RFC 5758 §3.2, RFC 5280 §4.1.2.4 and §4.2.1 */
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const BASIC_CONSTRAINTS = '2.5.29.19'

/**
 * A certificate for the loopback interface that is its own authority, made without any program: Node signs, but it
 * writes no certificates. Source: RFC 5280 §4.1
 */
export function selfSignedCertificate(now: Date): SelfSignedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const toBeSigned = certificateBody(publicKey, now)
  const certificate = derSequence(toBeSigned, algorithm(), derBitString(sign('sha256', toBeSigned, privateKey)))
  return { certificatePem: pem('CERTIFICATE', certificate), keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function certificateBody(publicKey: KeyObject, now: Date): Buffer {
  const name = derSequence(derSet(derSequence(derObjectIdentifier(COMMON_NAME), derUtf8String('Holdfast laboratory'))))
  const validity = derSequence(derUtcTime(new Date(now.getTime() - VALID_BEFORE_MS)), derUtcTime(new Date(now.getTime() + VALID_AFTER_MS)))
  const extensions = derSequence(
    derSequence(derObjectIdentifier(BASIC_CONSTRAINTS), derTrue(), derOctetString(derSequence(derTrue()))),
    derSequence(derObjectIdentifier(SUBJECT_ALTERNATIVE_NAME), derOctetString(loopbackNames())),
  )
  return derSequence(
    derElement(0xa0, derInteger(Buffer.from([2]))),
    // Positive, and never 0.
    derInteger(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm(),
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    derElement(0xa3, extensions),
  )
}

/** dNSName is choice 2, iPAddress choice 7. */
function loopbackNames(): Buffer {
  return derSequence(derElement(0x82, Buffer.from('localhost')), derElement(0x87, Buffer.from([127, 0, 0, 1])))
}

function algorithm(): Buffer {
  return derSequence(derObjectIdentifier(ECDSA_WITH_SHA256))
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
