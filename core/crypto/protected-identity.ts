import { armor, Decrypter, Encrypter } from 'age-encryption'
import { HoldfastError } from '../domain/errors.ts'

const ARMOR_BEGINS = '-----BEGIN AGE ENCRYPTED FILE-----'
/** Source: C2SP age §Header */
const VERSION_LINE = 'age-encryption.org/v1\n'
/** The stanza that alone may stand in a file with a passphrase. Source: C2SP age §scrypt */
const SCRYPT_STANZA = Buffer.from('\n-> scrypt ')
/** A file of identities is some lines; what is larger is something else, and is not deciphered in memory. */
const MAX_FILE_BYTES = 256 * 1024

/** Whether a file of identities is itself encrypted, as `age -p` and {@link protectText} do. */
export function isProtected(file: Uint8Array): boolean {
  const start = Buffer.from(file.subarray(0, 200)).toString('latin1').trimStart()
  return start.startsWith(ARMOR_BEGINS) || start.startsWith(VERSION_LINE)
}

/** The text under a passphrase, as an age file in armour: it survives paper, mail and editors. */
export async function protectText(text: string, passphrase: string): Promise<string> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  return armor.encode(await encrypter.encrypt(text))
}

/**
 * What a protected file holds; `null`: the passphrase is another.
 * @param place - names the file in errors
 * @throws HoldfastError `KEY_FILE_INVALID` when it is damaged, or encrypted to something else than a passphrase
 */
export async function openProtected(file: Uint8Array, passphrase: string, place: string): Promise<string | null> {
  const bytes = unarmoured(file, place)
  // Told before the passphrase is tried: its failure must mean that it is the wrong one.
  if (file.length > MAX_FILE_BYTES || !isForPassphrase(bytes)) throw new HoldfastError('KEY_FILE_INVALID', `${place} is encrypted, and not with a passphrase alone: decrypt it first`, { place })
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decrypt(bytes, 'text')
  } catch {
    // A flipped bit and a wrong passphrase look alike. The library's error is left out: it knows the passphrase.
    return null
  }
}

function unarmoured(file: Uint8Array, place: string): Uint8Array {
  const text = Buffer.from(file).toString('latin1')
  if (!text.trimStart().startsWith(ARMOR_BEGINS)) return file
  try {
    return armor.decode(text)
  } catch (cause) {
    throw new HoldfastError('KEY_FILE_INVALID', `${place} is damaged: its armour cannot be read`, { place }, { cause })
  }
}

function isForPassphrase(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, VERSION_LINE.length + SCRYPT_STANZA.length)).includes(SCRYPT_STANZA)
}
