import { HoldfastError } from '../../core/domain/errors.ts'

/** Much more than a password is no password; and whoever pipes a disk in waits for nothing. */
const MAX_BYTES = 4096

/** The first line of what is piped in, without its end. @throws HoldfastError `PEOPLE_INVALID` when there is none */
export async function firstLine(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    size += bytes.length
    if (bytes.includes(0x0a) || size > MAX_BYTES) break
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)
  if (line === '' || size > MAX_BYTES) throw new HoldfastError('PEOPLE_INVALID', 'no password was given: type it at a terminal, or pipe one line in')
  return line
}
