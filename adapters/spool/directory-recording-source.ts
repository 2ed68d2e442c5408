import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { RecordingSource, SpoolFile } from '../../core/ports/recording-source.ts'
import { guardedSpoolFileName, isSpoolFileName, SPOOL_FOLDER } from '../wire/spool-file-name.ts'

/** A quarter of a second of one hundred lanes; larger blocks were no faster. A guess. */
const CHUNK_BYTES = 65_536

/**
 * The spool in a directory that the PBX and we share. Regular files directly in its folder `holdfast` only; a symbolic link is
 * neither read nor followed, because whoever may write into the spool must not be able to make us publish another file.
 */
export class DirectoryRecordingSource implements RecordingSource {
  readonly #root: string

  /** @param root - the PBX's recording directory, as this machine sees it */
  constructor(root: string) {
    this.#root = root
  }

  async list(signal: AbortSignal): Promise<readonly SpoolFile[]> {
    const entries = await this.#readFolder()
    const files: SpoolFile[] = []
    for (const entry of entries) {
      signal.throwIfAborted()
      const name = `${SPOOL_FOLDER}/${entry}`
      const file = isSpoolFileName(name) ? await this.stat(name, signal) : null
      if (file !== null) files.push(file)
    }
    return files
  }

  async stat(name: string, signal: AbortSignal): Promise<SpoolFile | null> {
    signal.throwIfAborted()
    const path = await this.#pathOf(name)
    if (path === null) return null
    const found = await absentAsNull(lstat(path))
    return found?.isFile() === true ? { name, sizeBytes: found.size, modifiedAt: found.mtime } : null
  }

  async open(name: string, signal: AbortSignal): Promise<{ readonly sizeBytes: number; readonly bytes: AsyncIterable<Uint8Array> }> {
    const file = await this.stat(name, signal)
    if (file === null) throw missing(name)
    return { sizeBytes: file.sizeBytes, bytes: this.#read(file, signal) }
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const path = await this.#pathOf(name)
    if (path !== null) await absentAsNull(unlink(path))
  }

  async freeBytes(): Promise<number | null> {
    const { bavail, bsize } = await reachable(statfs(this.#root))
    return bavail * bsize
  }

  /** Opened when it is first read, so that a stream nobody reads holds nothing open. What is appended after `open` is not read. */
  async *#read({ name, sizeBytes }: SpoolFile, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const path = await this.#pathOf(name)
    // A pipe that took the file's place meanwhile would hold a thread of ours until somebody writes into it.
    const handle = path === null ? null : await absentAsNull(open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK))
    if (handle === null) throw missing(name)
    try {
      if (!(await reachable(handle.stat())).isFile()) throw missing(name)
      yield* readExactly(handle, sizeBytes, signal)
    } finally {
      await handle.close()
    }
  }

  /** The PBX makes the folder when it first records: a root without it is a share that is not mounted, and must not look like an empty spool. */
  async #readFolder(): Promise<readonly string[]> {
    const folder = await this.#folder()
    if (folder === null) throw new HoldfastError('SPOOL_UNREACHABLE', 'the spool has no folder of recordings: nothing was ever recorded, or it is not mounted')
    return await reachable(readdir(folder))
  }

  async #pathOf(name: string): Promise<string | null> {
    guardedSpoolFileName(name)
    const folder = await this.#folder()
    return folder === null ? null : join(folder, name.slice(SPOOL_FOLDER.length + 1))
  }

  /** Where our folder really is; `null` before the first recording. @throws HoldfastError `SPOOL_UNREACHABLE` also when it leads out of the root */
  async #folder(): Promise<string | null> {
    const root = await reachable(realpath(this.#root))
    const folder = await absentAsNull(realpath(join(root, SPOOL_FOLDER)))
    if (folder !== null && folder !== join(root, SPOOL_FOLDER)) throw new HoldfastError('SPOOL_UNREACHABLE', 'the folder of recordings is a symbolic link')
    return folder
  }
}

async function* readExactly(handle: FileHandle, sizeBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0
  while (position < sizeBytes) {
    signal.throwIfAborted()
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes - position))
    const { bytesRead } = await reachable(handle.read(chunk, 0, chunk.length, position))
    if (bytesRead === 0) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file became shorter while it was read', { sizeBytes, position })
    position += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}

function missing(name: string): HoldfastError {
  return new HoldfastError('SPOOL_FILE_MISSING', 'a spool file is not there', { name })
}

async function absentAsNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    // ELOOP: a symbolic link where a file was expected, which counts as nothing.
    if (isErrno(error) && (error.code === 'ENOENT' || error.code === 'ELOOP')) return null
    throw unreachable(error)
  }
}

async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw unreachable(error)
  }
}

function unreachable(cause: unknown): unknown {
  return isErrno(cause) ? new HoldfastError('SPOOL_UNREACHABLE', `the spool cannot be read: ${cause.code}`, { errno: cause.code ?? null }, { cause }) : cause
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
