import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { HoldfastError } from '../core/domain/errors.ts'

/** Who runs this command, and who owns a path; `null`: there is none, or the system knows no users. */
export interface Ownership {
  readonly uid: number | null
  readonly ownerOf: (path: string) => number | null
}

const SYSTEM: Ownership = {
  uid: process.geteuid?.() ?? null,
  ownerOf: (path) => statSync(path, { throwIfNoEntry: false })?.uid ?? null,
}

/**
 * Refuses to write as root into another user's data directory: SQLite's files and keys made by root could not be read by the service.
 * @param directory - or the nearest folder above it that exists
 * @throws HoldfastError `CONFIG_INVALID` with the command that works
 */
export function refuseForeignRoot(directory: string, system: Ownership = SYSTEM): void {
  const owner = nearestOwner(directory, system)
  if (system.uid !== 0 || owner === null || owner === 0) return
  throw new HoldfastError('CONFIG_INVALID', `${directory} belongs to user ${owner}, and root would leave files there that this user cannot read. Run as that user: setpriv --reuid ${owner} --clear-groups holdfast …, or sudo -u '#${owner}' holdfast …`, { directory, owner })
}

function nearestOwner(directory: string, { ownerOf, uid }: Ownership): number | null {
  const owner = ownerOf(directory)
  if (owner !== null || dirname(directory) === directory) return owner
  return nearestOwner(dirname(directory), { ownerOf, uid })
}
