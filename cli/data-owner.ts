import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { HoldfastError } from '../core/domain/errors.ts'

/**
 * Refuses to write as root into another user's data directory: SQLite's files and keys made by root could not be read by the service.
 * @param directory - or the nearest folder above it that exists
 * @throws HoldfastError `CONFIG_INVALID` with the command that works
 */
export function refuseForeignRoot(directory: string, user: { readonly uid: number | null } = { uid: process.geteuid?.() ?? null }): void {
  const owner = ownerOf(directory)
  if (user.uid !== 0 || owner === null || owner === 0) return
  throw new HoldfastError('CONFIG_INVALID', `${directory} belongs to user ${owner}, and root would leave files there that this user cannot read. Run as that user: setpriv --reuid ${owner} --clear-groups holdfast …, or sudo -u '#${owner}' holdfast …`, { directory, owner })
}

function ownerOf(directory: string): number | null {
  const found = statSync(directory, { throwIfNoEntry: false })
  if (found !== undefined) return found.uid
  return dirname(directory) === directory ? null : ownerOf(dirname(directory))
}
