import { z } from 'zod'
import { KEY_PURPOSES, type NamedRecipient, recipientNamed } from '../core/domain/recipients.ts'
import { existingFile, isMap, list, type Loose, oneOf, parsed, path, section, secretFile, type Tell, text, wholeNumber, yesOrNo } from './leaves.ts'

/** A file of identities, and where the passphrase is that protects it. */
export interface IdentityFileSetting {
  readonly file: string
  /** `null`: it stands nowhere, and is asked for at the terminal where the file is protected. */
  readonly passphrase: { readonly type: 'file'; readonly file: string } | { readonly type: 'environment'; readonly variable: string } | null
}

export interface KeysSettings {
  readonly recipients: readonly NamedRecipient[]
  readonly recipientFiles: readonly string[]
  readonly identityFiles: readonly IdentityFileSetting[]
  /** A backup of a key that was not tried for so long counts as not tried. */
  readonly checkEveryDays: number
}

const RECIPIENT_ALLOWED = 'an age recipient, age1…'
const recipient = z.string({ error: RECIPIENT_ALLOWED }).regex(/^age1[0-9a-z]{20,4000}$/).meta({ allowed: RECIPIENT_ALLOWED })

const named = section({
  recipient: recipient.describe('The recipient itself.'),
  name: text.max(100).optional().describe('What people call it.'),
  purpose: oneOf(KEY_PURPOSES).default('operational').describe('`escrow`: its identity lies elsewhere, for the day on which the operational one is lost.'),
  retired: yesOrNo.default(false).describe('Nothing more is sealed to it; `holdfast keys rotate` takes it out of what was (docs/keys.md).'),
})

const VARIABLE_ALLOWED = 'the name of an environment variable, of A-Z 0-9 _'
const protectedFile = section({
  file: path.describe('The file, as `holdfast keys generate` or `age-keygen` made it; `age -p` may have encrypted it.'),
  passphraseFile: secretFile.optional().describe('A file that holds its passphrase and nothing else. Not on the disk of the identity: who has both has no need of the passphrase.'),
  passphraseVariable: parsed(VARIABLE_ALLOWED, (variable) => {
    if (!/^[A-Z_][A-Z0-9_]{0,99}$/.test(variable)) throw new TypeError('not such a name')
    return variable
  }).optional().describe('The environment variable that holds it. Neither of both: it is asked for at the terminal when the service starts.'),
})

const A_RECIPIENT = `${RECIPIENT_ALLOWED}, or a map of \`recipient\`, \`name\`, \`purpose\` and \`retired\``
const AN_IDENTITY = 'a path, or a map of `file` and `passphraseFile` or `passphraseVariable`'

// The map stands first: what walks the schema takes the first variant that a value may be meant as.
export const keysSchema = section({
  recipients: list(z.union([named, recipient], { error: A_RECIPIENT }).meta({ allowed: A_RECIPIENT }), 'a list of age recipients').default([]).describe('Everything is sealed to each of these: name an escrow recipient, whose identity lies elsewhere, beside the operational one. A bare age1… is an operational one without a name.'),
  recipientFiles: list(existingFile, 'a list of paths').default([]).describe('Files with one recipient a line; lines that begin with # are comments.'),
  identityFiles: list(z.union([protectedFile, path], { error: AN_IDENTITY }).meta({ allowed: AN_IDENTITY, path: 'any' }), 'a list of paths').default([]).describe('Identities (secret) with which this node opens recordings for playback. None: it records, and cannot read what it recorded. A lost identity is a lost recording.'),
  checkEveryDays: wholeNumber('days', 1, 3650).default(180).describe('`doctor` and `holdfast keys` warn of a recipient whose identity was not tried for so long with `holdfast keys check`.'),
})

/** A passphrase is in one place. */
export function checkPassphrases({ keys }: Loose, tell: Tell): void {
  const files = isMap(keys) && Array.isArray(keys['identityFiles']) ? (keys['identityFiles'] as readonly unknown[]) : []
  for (const [index, file] of files.entries()) {
    if (isMap(file) && file['passphraseFile'] !== undefined && file['passphraseVariable'] !== undefined) {
      tell(['keys', 'identityFiles', index, 'passphraseVariable'], '`passphraseFile` and `passphraseVariable` are both given: keep one')
    }
  }
}

/** The settings as the program uses them: the short forms written out. */
export function keysOf({ recipients, recipientFiles, identityFiles, checkEveryDays }: z.output<typeof keysSchema>): KeysSettings {
  return {
    recipients: recipients.map((each) => typeof each === 'string' ? recipientNamed(each) : { recipient: each.recipient, name: each.name ?? null, purpose: each.purpose, standing: each.retired ? 'retired' : 'current' }),
    recipientFiles,
    identityFiles: identityFiles.map((each) => typeof each === 'string' ? identityFileAt(each) : { file: each.file, passphrase: passphraseOf(each) }),
    checkEveryDays,
  }
}

/** An identity file of which nothing is said but where it is. */
export function identityFileAt(file: string): IdentityFileSetting {
  return { file, passphrase: null }
}

function passphraseOf({ passphraseFile, passphraseVariable }: z.output<typeof protectedFile>): IdentityFileSetting['passphrase'] {
  if (passphraseFile !== undefined) return { type: 'file', file: passphraseFile }
  return passphraseVariable === undefined ? null : { type: 'environment', variable: passphraseVariable }
}
