import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { HoldfastError } from '../core/domain/errors.ts'

/** Who runs this command, and who owns a path; `null`: there is none, or the system knows no users. */
export interface Ownership {
  readonly uid: number | null
  readonly ownerOf: (path: string) => number | null
  readonly nameOf: (uid: number) => string | null
}

const SYSTEM: Ownership = {
  uid: process.geteuid?.() ?? null,
  ownerOf: (path) => statSync(path, { throwIfNoEntry: false })?.uid ?? null,
  nameOf: (uid) => nameIn(passwd(), uid),
}

/** The name of a user in the text of `/etc/passwd`; `null` when it is not there (LDAP, a container). */
export function nameIn(text: string, uid: number): string | null {
  return text.split('\n').map((line) => line.split(':')).find((fields) => fields[2] === String(uid))?.[0] ?? null
}

function passwd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    // A system without: the number stands for the name.
    return ''
  }
}

/**
 * Refuses to write as root into another user's data directory: SQLite's files and keys made by root could not be read by the service.
 * @param directory - or the nearest folder above it that exists
 * @throws HoldfastError `CONFIG_INVALID` with the command that works
 */
export function refuseForeignRoot(directory: string, system: Ownership = SYSTEM): void {
  const instead = runAs(directory, system)
  if (instead === null) return
  throw new HoldfastError('CONFIG_INVALID', `${directory} belongs to user ${instead.user}, and root would leave files there that this user cannot read. Run as that user: ${instead.command} holdfast …`, { directory, owner: instead.user })
}

/** Whom root should run as instead, for the sake of a data directory, and by which command; `null`: it is not root who runs, or it is root's. */
export function runAs(directory: string, system: Ownership = SYSTEM): { readonly user: string; readonly command: string } | null {
  const owner = nearestOwner(directory, system)
  if (system.uid !== 0 || owner === null || owner === 0) return null
  const name = system.nameOf(owner)
  return name === null ? { user: String(owner), command: `setpriv --reuid ${owner} --keep-groups` } : { user: name, command: `runuser -u ${name} --` }
}

function nearestOwner(directory: string, { ownerOf }: Pick<Ownership, 'ownerOf'>): number | null {
  const owner = ownerOf(directory)
  if (owner !== null || dirname(directory) === directory) return owner
  return nearestOwner(dirname(directory), { ownerOf })
}
