import type { Cipher } from '../ports/cipher.ts'
import { AgeCipher } from './age-cipher.ts'
import { KeyRing } from './key-ring.ts'

/** Seals to one recipient alone, who need not be one of the service. @throws HoldfastError `KEY_FILE_INVALID` for what is no recipient */
export async function sealerTo(recipient: string): Promise<Pick<Cipher, 'seal'>> {
  return new AgeCipher(await KeyRing.load({ recipients: [{ place: 'recipient', text: recipient }], identities: [] }))
}
