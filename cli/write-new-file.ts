import { createWriteStream, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HoldfastError } from '../core/domain/errors.ts'
import { fileTrouble } from './file-trouble.ts'

const ENDINGS = ['SIGINT', 'SIGTERM'] as const

/**
 * Writes a file that was not there, for its owner alone. What could not be written to its end is taken away again, after Ctrl-C too: half a file looks like a whole one.
 * @throws HoldfastError `CONFIG_INVALID`; whatever the pieces throw of ours
 */
export async function writeNewFile(pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>, file: string): Promise<void> {
  // `wx`: nothing is overwritten, and no link that was laid there is followed.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  let isOurs = false
  stream.once('open', () => {
    isOurs = true
  })
  // At once, for the source may hang; then the process dies of the signal as without us.
  const end = (signal: NodeJS.Signals): void => {
    if (isOurs) rmSync(file, { force: true })
    process.kill(process.pid, signal)
  }
  for (const signal of ENDINGS) process.once(signal, end)
  try {
    await pipeline(Readable.from(pieces), stream)
  } catch (cause) {
    if (isOurs) await rm(file, { force: true })
    if (cause instanceof HoldfastError) throw cause
    throw new HoldfastError('CONFIG_INVALID', `${file} cannot be written: ${fileTrouble(cause)}`, { file }, { cause })
  } finally {
    for (const signal of ENDINGS) process.off(signal, end)
  }
}
