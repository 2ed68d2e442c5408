import { access } from 'node:fs/promises'
import type { Settings } from '../../config/settings.ts'
import type { KeyCheck } from '../../core/domain/key-check.ts'
import type { RecipientSet } from '../../core/ports/key-catalogue.ts'
import { openConsoleStore } from '../console-store.ts'

/** What the catalogue tells of the keys. */
export interface KeyStanding {
  readonly sets: readonly RecipientSet[]
  /** The last check of each recipient that ever was checked. */
  readonly checks: readonly KeyCheck[]
}

/** `null`: there is no file of a catalogue yet; looking must not make one. @throws HoldfastError as `openConsoleStore` */
export async function keyStanding(settings: Settings): Promise<KeyStanding | null> {
  const { catalogue } = settings
  if (catalogue.type === 'sqlite' && !await access(catalogue.file).then(() => true, () => false)) return null
  await using store = await openConsoleStore(settings)
  return { sets: await store.keys.recipientSets(), checks: await store.keys.lastChecks() }
}

/** How many recordings one recipient opens. */
export function openedBy(sets: readonly RecipientSet[], recipient: string): number {
  return sets.filter(({ recipients }) => recipients.includes(recipient)).reduce((sum, { recordings }) => sum + recordings, 0)
}
