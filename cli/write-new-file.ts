import { createWriteStream } from 'node:fs'
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
  const ending = new AbortController()
  const end = (signal: NodeJS.Signals): void => ending.abort(signal)
  for (const signal of ENDINGS) process.once(signal, end)
  // `wx`: nothing is overwritten, and no link that was laid there is followed.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  let isOurs = false
  stream.once('open', () => {
    isOurs = true
  })
  try {
    await pipeline(Readable.from(pieces), stream, { signal: ending.signal })
  } catch (cause) {
    if (isOurs) await rm(file, { force: true })
    if (cause instanceof HoldfastError) throw cause
    throw new HoldfastError('CONFIG_INVALID', `${file} cannot be written: ${ending.signal.aborted ? 'it was broken off' : fileTrouble(cause)}`, { file }, { cause })
  } finally {
    for (const signal of ENDINGS) process.off(signal, end)
    // What was put off is done: whoever waits for this process sees by which signal it died.
    const signal = ENDINGS.find((each) => each === ending.signal.reason)
    if (signal !== undefined) process.kill(process.pid, signal)
  }
}
