import { readFile } from 'node:fs/promises'

/** A user of this machine, with all groups. */
export interface SystemUser {
  readonly uid: number
  readonly gids: readonly number[]
}

/** Looks a user up in the local files; `null` when they do not know it (LDAP, another machine). */
export async function findSystemUser(name: string): Promise<SystemUser | null> {
  const users = await linesOf('/etc/passwd')
  const fields = users.find(([user]) => user === name)
  if (fields === undefined) return null
  const groups = (await linesOf('/etc/group')).filter((group) => (group[3] ?? '').split(',').includes(name)).map((group) => Number(group[2]))
  return { uid: Number(fields[2]), gids: [Number(fields[3]), ...groups] }
}

/** Whether the permission bits let a user make and remove files in a folder. Access lists are not looked at. */
export function mayWrite({ uid, gids }: SystemUser, folder: { readonly uid: number; readonly gid: number; readonly mode: number }): boolean {
  if (uid === 0) return true
  const bits = folder.uid === uid ? folder.mode >> 6 : gids.includes(folder.gid) ? folder.mode >> 3 : folder.mode
  return (bits & 0o3) === 0o3
}

async function linesOf(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line.includes(':')).map((line) => line.split(':'))
}
