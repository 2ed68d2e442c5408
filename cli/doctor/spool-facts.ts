import { randomUUID } from 'node:crypto'
import { access, constants, readFile, readdir, stat, statfs, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SPOOL_FOLDER } from '../../adapters/wire/spool-file-name.ts'

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
  /** Whether the PBX saw that file where it is told to record; `null`: not asked, or it did not say. */
  readonly seenByPbx: boolean | null
  /** Files that wait in it. */
  readonly waiting: { readonly files: number; readonly oldestAgeMs: number; readonly unreadable: number; /** Who owns them: whom the PBX writes as. */ readonly owners: readonly number[] }
  readonly freeBytes: number
  readonly totalBytes: number
}

/** Asks the PBX whether it sees the file of this name in our folder. */
export type AskPbx = (name: string) => Promise<boolean | null>

/** Looks, makes one small file, asks the PBX for it where it can be asked, and removes it. */
export async function readSpoolFacts(root: string, now: Date, askPbx: AskPbx | null = null): Promise<SpoolFacts> {
  const path = join(root, SPOOL_FOLDER)
  const rootFacts = await folderFacts(root)
  const folder = await folderFacts(path)
  const space = rootFacts === null ? null : await statfs(root)
  const tried = folder === null ? { refusal: 'ENOENT', seenByPbx: null } : await tryFile(path, askPbx)
  return {
    root: rootFacts,
    folder,
    path,
    ...tried,
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

async function tryFile(folder: string, askPbx: AskPbx | null): Promise<Pick<SpoolFacts, 'refusal' | 'seenByPbx'>> {
  // A dot in front: the ingest passes over names that are not its own.
  const name = `.doctor-${randomUUID()}`
  const file = join(folder, name)
  try {
    await writeFile(file, 'holdfast doctor', { flag: 'wx', mode: 0o600 })
    const seenByPbx = askPbx === null ? null : await askPbx(name)
    await readFile(file)
    await unlink(file)
    return { refusal: null, seenByPbx }
  } catch (error) {
    return { refusal: error instanceof Error && 'code' in error ? String(error.code) : String(error), seenByPbx: null }
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
