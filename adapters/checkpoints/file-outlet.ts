import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CheckpointOutlet } from '../../core/ports/audit-evidence.ts'

/** Others may read what is signed; nobody but us writes it. */
const MODE = 0o644
/** Opened for each line, so that a file that was moved away or a medium that was changed is noticed; never through a link that was laid there. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW

/** Lines at the end of a file: on another machine's disk, best on one that cannot be written twice. */
export class FileOutlet implements CheckpointOutlet {
  readonly name = 'file'
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async write(line: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o755 })
    await using file = await open(this.#path, FLAGS, MODE)
    // One write: two processes never mix their lines. Half a line, of a full disk, is ended by the next one.
    const { bytesWritten } = await file.write(Buffer.from(`${await endsAmidLine(this.#path) ? '\n' : ''}${line}\n`))
    if (bytesWritten < line.length + 1) throw new Error('the disk took only a part of the line')
    await file.sync()
  }

  async close(): Promise<void> {}
}

async function endsAmidLine(path: string): Promise<boolean> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() !== '\n'
}
