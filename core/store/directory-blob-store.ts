import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError } from '../domain/errors.ts'
import type { BlobReader, BlobStore } from '../ports/blob-store.ts'
import { BlockWriter } from './directory-block-writer.ts'

const NAME = /^[0-9a-z][0-9a-z.-]{0,63}$/
/** A name never begins with a dot, so a blob and an unfinished file cannot meet. */
const UNFINISHED = /^\..+\.part$/
const SHARD = /^[0-9a-f]{2}$/
/** Only the service's own user reads what is stored: it is sealed, but who called when is nobody's business either. */
const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600
/** One read: larger ones no longer gain, smaller ones cost a system call each (a guess). */
const READ_BYTES = 256 * 1024

/**
 * Blobs as files, spread over 256 folders by the digest of their names. A file appears under its name only when all its bytes
 * are on the disk: written beside it as `.<name>.<random>.part`, synced, renamed, and the folder synced.
 */
export class DirectoryBlobStore implements BlobStore {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  async put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
    const place = this.#placeOf(name)
    const part = join(place.folder, `.${name}.${randomBytes(6).toString('hex')}.part`)
    await this.#makeFolder(place.folder)
    try {
      const written = await writeDurably(part, bytes)
      await onDisk(() => rename(part, place.path))
      // Should this fail, the name stays: what it names is whole, and the caller's repetition replaces it.
      await onDisk(() => syncFolder(place.folder))
      return written
    } catch (error) {
      // One that cannot be removed now is left to the sweep: the first failure is the one to tell.
      await Promise.allSettled([removeIfThere(part)])
      throw error
    }
  }

  async open(name: string): Promise<BlobReader | null> {
    const { path } = this.#placeOf(name)
    const found = await onDisk(() => unlessMissing(stat(path)))
    return found === null ? null : new FileReader(path, found.size)
  }

  async remove(name: string): Promise<void> {
    const { folder, path } = this.#placeOf(name)
    if (await removeIfThere(path)) await onDisk(() => syncFolder(folder))
  }

  async freeBytes(): Promise<number | null> {
    await this.#makeFolder(this.#root)
    const { bavail, bsize } = await onDisk(() => statfs(this.#root))
    return bavail * bsize
  }

  /**
   * Removes unfinished files that nobody has written to since; a process that was killed leaves them.
   * @param before - younger ones may still be written
   * @returns how many were removed
   */
  async sweep(before: Date): Promise<number> {
    let removed = 0
    for (const shard of await this.#list(this.#root, SHARD)) {
      const folder = join(this.#root, shard)
      for (const file of await this.#list(folder, UNFINISHED)) {
        const path = join(folder, file)
        const found = await onDisk(() => unlessMissing(stat(path)))
        if (found !== null && found.mtime < before && await removeIfThere(path)) removed += 1
      }
    }
    return removed
  }

  async #list(folder: string, pattern: RegExp): Promise<readonly string[]> {
    const names = await onDisk(() => unlessMissing(readdir(folder)))
    return (names ?? []).filter((name) => pattern.test(name))
  }

  /** A folder is as durable as its entry in its parent. */
  async #makeFolder(folder: string): Promise<void> {
    await onDisk(async () => {
      const made = await mkdir(folder, { recursive: true, mode: DIRECTORY_MODE })
      if (made !== undefined && folder !== this.#root) await syncFolder(this.#root)
    })
  }

  #placeOf(name: string): { readonly folder: string; readonly path: string } {
    // Names are made by us alone: another one is a bug, and must not become a path.
    if (!NAME.test(name)) throw new TypeError('not a name of a blob')
    const shard = createHash('sha256').update(name).digest('hex').slice(0, 2)
    const folder = join(this.#root, shard)
    return { folder, path: join(folder, name) }
  }
}

class FileReader implements BlobReader {
  readonly sizeBytes: number
  readonly #path: string

  constructor(path: string, sizeBytes: number) {
    this.#path = path
    this.sizeBytes = sizeBytes
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= this.sizeBytes)) {
      throw new HoldfastError('BLOB_RANGE', 'a range lies outside of its blob', { start, end, sizeBytes: this.sizeBytes })
    }
    const file = await onDisk(() => unlessMissing(open(this.#path)))
    if (file === null) throw new HoldfastError('BLOB_NOT_FOUND', 'a blob is gone')
    try {
      for (let at = start; at < end;) {
        const length = Math.min(READ_BYTES, end - at)
        const position = at
        const { bytesRead, buffer } = await onDisk(() => file.read(Buffer.allocUnsafe(length), 0, length, position))
        if (bytesRead === 0) throw new HoldfastError('STORE_FAILED', 'a blob is shorter than it was', { sizeBytes: this.sizeBytes, endedAt: at })
        yield buffer.subarray(0, bytesRead)
        at += bytesRead
      }
    } finally {
      await file.close()
    }
  }
}

async function writeDurably(path: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const file = await onDisk(() => open(path, 'wx', FILE_MODE))
  const writer = new BlockWriter(file)
  try {
    for await (const piece of bytes) {
      await onDisk(() => writer.write(piece))
      hash.update(piece)
      sizeBytes += piece.length
    }
    await onDisk(() => writer.end())
    await onDisk(() => file.sync())
  } finally {
    await writer.settled()
    await onDisk(() => file.close())
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeIfThere(path: string): Promise<boolean> {
  return onDisk(async () => await unlessMissing(unlink(path).then(() => true)) ?? false)
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}

/** Runs a file operation; its failure is the store's. */
async function onDisk<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw new HoldfastError('STORE_FAILED', 'the object store could not be read or written', { system: systemCode(error) }, { cause: error })
  }
}

function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
