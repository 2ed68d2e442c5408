import { randomUUID } from 'node:crypto'
import { access, constants, readFile, readdir, stat, statfs, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SPOOL_FOLDER } from '../../adapters/asterisk/dialplan-names.ts'

/** Who may do what with a folder. */
export interface FolderFacts {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** What a shared spool directory shows from our side. */
export interface SpoolFacts {
  /** The spool's root; `null`: not there. */
  readonly root: FolderFacts | null
  /** Our folder below it, in which the PBX writes; `null`: not there yet. */
  readonly folder: FolderFacts | null
  readonly path: string
  /** Why we could not make a file in the folder, read and remove it; `null`: we could. */
  readonly refusal: string | null
  /** Files that wait in it. */
  readonly waiting: { readonly files: number; readonly oldestAgeMs: number; readonly unreadable: number; /** Who owns them: whom the PBX writes as. */ readonly owners: readonly number[] }
  readonly freeBytes: number
  readonly totalBytes: number
}

/** Looks, makes one small file and removes it. */
export async function readSpoolFacts(root: string, now: Date): Promise<SpoolFacts> {
  const path = join(root, SPOOL_FOLDER)
  const rootFacts = await folderFacts(root)
  const folder = await folderFacts(path)
  const space = rootFacts === null ? null : await statfs(root)
  return {
    root: rootFacts,
    folder,
    path,
    refusal: folder === null ? 'ENOENT' : await tryFile(path),
    waiting: folder === null ? { files: 0, oldestAgeMs: 0, unreadable: 0, owners: [] } : await waitingIn(path, now),
    freeBytes: space === null ? 0 : space.bavail * space.bsize,
    totalBytes: space === null ? 0 : space.blocks * space.bsize,
  }
}

async function folderFacts(path: string): Promise<FolderFacts | null> {
  try {
    const { uid, gid, mode } = await stat(path)
    return { uid, gid, mode }
  } catch {
    // Not there, or within something that we may not enter: the same to us.
    return null
  }
}

async function tryFile(folder: string): Promise<string | null> {
  // A dot in front: the ingest passes over names that are not its own.
  const file = join(folder, `.doctor-${randomUUID()}`)
  try {
    await writeFile(file, 'holdfast doctor', { flag: 'wx', mode: 0o600 })
    await readFile(file)
    await unlink(file)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

async function waitingIn(folder: string, now: Date): Promise<SpoolFacts['waiting']> {
  const names = await readdir(folder).catch(() => [])
  const ages = await Promise.all(names.filter((name) => !name.startsWith('.')).map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => null)
    return found === null ? null : { uid: found.uid, ageMs: now.getTime() - found.mtimeMs, readable: await isReadable(join(folder, name)) }
  }))
  const files = ages.filter((age) => age !== null)
  return { files: files.length, oldestAgeMs: Math.max(0, ...files.map(({ ageMs }) => ageMs)), unreadable: files.filter(({ readable }) => !readable).length, owners: [...new Set(files.map(({ uid }) => uid))] }
}

function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(() => true, () => false)
}
