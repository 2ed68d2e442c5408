import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HoldfastError } from '../core/domain/errors.ts'
import { fileTrouble } from './file-trouble.ts'

/** Writes a file that was not there, for its owner alone. @throws HoldfastError `CONFIG_INVALID`; whatever the pieces throw of ours */
export async function writeNewFile(pieces: Iterable<string> | AsyncIterable<string>, file: string): Promise<void> {
  try {
    // `wx`: nothing is overwritten, and no link that was laid there is followed.
    await pipeline(Readable.from(pieces), createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }))
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause
    throw new HoldfastError('CONFIG_INVALID', `${file} cannot be written: ${fileTrouble(cause)}`, { file }, { cause })
  }
}
