import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { HoldfastError } from '../domain/errors.ts'
import { newHeader } from './age-header.ts'

/** Text that holds keys, one a line, and the place to name when one is bad: a path, or a setting. */
export interface KeyText {
  readonly place: string
  readonly text: string
}

/** A fresh identity: the text of its file, and the recipient to seal to. Whoever loses the file loses what was sealed to it. */
export interface NewIdentity {
  readonly recipient: string
  readonly fileText: string
}

/**
 * Whom to seal to, and what can be opened here. A recorder that shall not read its own recordings has no identities.
 * Identities stay in private fields: no log, JSON or inspection shows them.
 */
export class KeyRing {
  readonly recipients: readonly string[]
  readonly #identities: readonly string[]

  private constructor(recipients: readonly string[], identities: readonly string[]) {
    this.recipients = recipients
    this.#identities = identities
  }

  /**
   * Reads every key and tries it. Blank lines and comments are passed over; a key that is named twice counts once.
   * @throws HoldfastError `KEY_FILE_INVALID` with place and line, never with the key
   */
  static async load(keys: { readonly recipients: readonly KeyText[]; readonly identities: readonly KeyText[] }): Promise<KeyRing> {
    const recipients: string[] = []
    const identities: string[] = []
    for (const key of keys.recipients.flatMap((text) => keyLines(text))) {
      await refuseBad(key, 'recipient', () => tryRecipient(key.text))
      recipients.push(key.text)
    }
    for (const key of keys.identities.flatMap((text) => keyLines(text))) {
      await refuseBad(key, 'identity', () => identityToRecipient(key.text))
      identities.push(key.text)
    }
    return new KeyRing([...new Set(recipients)], [...new Set(identities)])
  }

  get identityCount(): number {
    return this.#identities.length
  }

  /** The identities themselves: for the cipher, and for nobody else. */
  exposeIdentities(): readonly string[] {
    return this.#identities
  }

  /** The recipients that belong to the identities here: to tell whether what is sealed now can be opened now. */
  openableRecipients(): Promise<readonly string[]> {
    return Promise.all(this.#identities.map((identity) => identityToRecipient(identity)))
  }
}

/** A new X25519 identity: every age implementation reads it, Debian 12's age 1.1.1 too, which knows no post-quantum ones. */
export async function newIdentity(now: Date): Promise<NewIdentity> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  return { recipient, fileText: `# created: ${now.toISOString()}\n# recipient: ${recipient}\n${identity}\n` }
}

interface KeyLine extends KeyText {
  readonly line: number
}

function keyLines({ place, text }: KeyText): readonly KeyLine[] {
  return text
    .split('\n')
    .map((line, index) => ({ place, line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
}

async function refuseBad(key: KeyLine, kind: 'recipient' | 'identity', attempt: () => Promise<unknown>): Promise<void> {
  try {
    await attempt()
  } catch {
    // The library's error is left out: it may repeat the key.
    throw new HoldfastError('KEY_FILE_INVALID', `${key.place}, line ${key.line}: not an age ${kind}${hint(key.text, kind)}`, { place: key.place, line: key.line, kind })
  }
}

/** Wraps a throw-away key: finds what only shows in use, such as a point of low order. */
async function tryRecipient(recipient: string): Promise<void> {
  new Encrypter().addRecipient(recipient)
  const made = await newHeader([recipient])
  made.fileKey.fill(0)
}

function hint(text: string, kind: 'recipient' | 'identity'): string {
  if (kind === 'recipient' && text.startsWith('AGE-SECRET-KEY-')) return ' but an identity: it must stay secret, its recipient (age1…) goes here'
  if (kind === 'identity' && text.startsWith('age1')) return ' but a recipient: the file with AGE-SECRET-KEY-… goes here'
  if (text.startsWith('age-encryption.org/') || text.startsWith('-----BEGIN AGE')) return ': what is here is itself encrypted with a passphrase'
  return ''
}
