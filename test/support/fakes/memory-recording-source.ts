import { HoldfastError } from '../../../core/domain/errors.ts'
import type { RecordingSource, SpoolFile } from '../../../core/ports/recording-source.ts'
import { inPieces } from '../bytes.ts'

/** A file in the spool: bytes, or bytes that are made when they are read. */
export interface MemorySpoolFile {
  readonly sizeBytes: number
  readonly modifiedAt: Date
  readonly read: () => AsyncIterable<Uint8Array>
}

/** A spool in memory. Its pieces are of an odd size, so that samples are cut in two. */
export class MemoryRecordingSource implements RecordingSource {
  readonly files = new Map<string, MemorySpoolFile>()
  readonly #pieceBytes: number

  constructor(pieceBytes = 4097) {
    this.#pieceBytes = pieceBytes
  }

  put(name: string, bytes: Uint8Array, modifiedAt: Date): void {
    this.files.set(name, { sizeBytes: bytes.length, modifiedAt, read: () => inPieces(bytes, this.#pieceBytes) })
  }

  async list(): Promise<readonly SpoolFile[]> {
    return [...this.files].map(([name, { sizeBytes, modifiedAt }]) => ({ name, sizeBytes, modifiedAt }))
  }

  async stat(name: string): Promise<SpoolFile | null> {
    const file = this.files.get(name)
    return file === undefined ? null : { name, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt }
  }

  async open(name: string): Promise<{ readonly sizeBytes: number; readonly bytes: AsyncIterable<Uint8Array> }> {
    const file = this.files.get(name)
    if (file === undefined) throw new HoldfastError('SPOOL_FILE_MISSING', 'a spool file is not there')
    return { sizeBytes: file.sizeBytes, bytes: file.read() }
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name)
  }

  async freeBytes(): Promise<number | null> {
    return null
  }
}
