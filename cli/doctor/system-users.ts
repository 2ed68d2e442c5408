import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

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

/** The same by number; one whom the files do not know has no groups that we could tell. */
export async function userOf(uid: number): Promise<SystemUser> {
  const name = (await linesOf('/etc/passwd')).find((fields) => fields[2] === String(uid))?.[0]
  return (name === undefined ? null : await findSystemUser(name)) ?? { uid, gids: [] }
}

/** Whom the processes of this name run as on this machine; empty where there is none, or they are hidden from us. Source: proc(5), /proc/<pid>/comm */
export async function usersRunning(program: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const uids = await Promise.all(pids.map(async (pid) => {
    const folder = join('/proc', pid)
    // Processes end while we look.
    const name = await readFile(join(folder, 'comm'), 'utf8').catch(() => '')
    return name.trim() === program ? (await stat(folder).catch(() => null))?.uid : undefined
  }))
  return [...new Set(uids.filter((uid) => uid !== undefined))]
}

/** Whether the permission bits let a user reach what is in a folder. */
export function mayEnter(user: SystemUser, folder: { readonly uid: number; readonly gid: number; readonly mode: number }): boolean {
  return user.uid === 0 || (bitsFor(user, folder) & 0o1) === 0o1
}

/** Whether the permission bits let a user make and remove files in a folder. Access lists are not looked at. */
export function mayWrite(user: SystemUser, folder: { readonly uid: number; readonly gid: number; readonly mode: number }): boolean {
  return user.uid === 0 || (bitsFor(user, folder) & 0o3) === 0o3
}

function bitsFor({ uid, gids }: SystemUser, folder: { readonly uid: number; readonly gid: number; readonly mode: number }): number {
  return folder.uid === uid ? folder.mode >> 6 : gids.includes(folder.gid) ? folder.mode >> 3 : folder.mode
}

async function linesOf(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line.includes(':')).map((line) => line.split(':'))
}
