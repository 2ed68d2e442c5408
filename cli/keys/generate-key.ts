import { constants } from 'node:fs'
import { access, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { protectText } from '../../core/crypto/protected-identity.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { fileTrouble } from '../file-trouble.ts'
import { systemClock } from '../runtime/system-clock.ts'

/** Where a new identity goes, and how it is kept. */
export interface NewKeyFile {
  /** `null`: the first file of the settings that is not there yet. */
  readonly out: string | null
  /** `null`: the file is not protected but by its rights. Asked for only when nothing else stands against the key. */
  readonly passphrase: (() => Promise<string>) | null
}

/**
 * Makes an identity, tells the audit, and writes it to a file of its own that only its owner can read.
 * @throws HoldfastError `KEY_FILE_INVALID` when a file is there already, or none can be written; `AUDIT_UNAVAILABLE`
 */
export async function generateKey(settings: Settings, { out, passphrase }: NewKeyFile): Promise<{ readonly recipient: string; readonly file: string }> {
  const file = out === null ? await firstMissing(settings) : resolve(out)
  if (await isThere(file)) throw new HoldfastError('KEY_FILE_INVALID', `${file} is there already; a key is never overwritten. Choose another file with --out`, { file })
  const { recipient, fileText } = await newIdentity(systemClock.now())
  const text = passphrase === null ? fileText : await protectText(fileText, await passphrase())
  await using store = await openConsoleStore(settings)
  // Told first: a key that the audit does not know would be worse than an entry about a key that was not written.
  await store.audit.append(note(recipient, 'ok'))
  await written(file, text, () => toldAsFailed(store, recipient))
  return { recipient, file }
}

async function firstMissing({ keys, dataDirectory }: Settings): Promise<string> {
  for (const { file } of keys.identityFiles) if (!(await isThere(file))) return file
  return join(dataDirectory, 'keys', 'identity.txt')
}

async function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(() => true, () => false)
}

async function written(file: string, text: string, onFailure: () => Promise<void>): Promise<void> {
  let made = false
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    // `wx`: fails when somebody else was quicker, and follows no link that was laid there.
    await using handle = await open(file, 'wx', 0o600)
    made = true
    await handle.writeFile(text)
    await handle.sync()
  } catch (cause) {
    // Half a key is no key.
    if (made) await rm(file, { force: true })
    await onFailure()
    const reason = fileTrouble(cause)
    throw new HoldfastError('KEY_FILE_INVALID', `${file} cannot be written: ${reason}`, { file, reason }, { cause })
  }
}

function toldAsFailed(store: ConsoleStore, recipient: string): Promise<void> {
  return store.audit.append(note(recipient, 'failed')).then(() => undefined)
}

function note(recipient: string, outcome: 'ok' | 'failed'): AuditDraft {
  return {
    at: systemClock.now(),
    actor: consoleActor(),
    action: 'keys.generated',
    object: { type: 'keys', id: recipient },
    outcome,
    reason: null,
    details: {},
    personal: {},
  }
}
