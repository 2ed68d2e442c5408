import type { IncomingMessage } from 'node:http'
import { HoldfastError } from '../core/domain/errors.ts'

/** A page of another origin can send forms and text without being asked; it cannot send JSON. Source: Fetch, CORS-safelisted request-header */
export function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json(?:$|[\t ;])/i.test(headers['content-type'] ?? '')
}

/**
 * The named texts of a small JSON object. How long it may take, the server's own deadline says.
 * @throws HoldfastError `FILTER_INVALID` for anything else, without repeating it: passwords are in there
 */
export async function jsonTexts<Name extends string>(request: IncomingMessage, names: readonly Name[], maxBytes = 4096): Promise<Readonly<Record<Name, string>>> {
  const value = parsed(await whole(request, maxBytes))
  const texts = names.map((name) => [name, typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined] as const)
  for (const [name, text] of texts) {
    if (typeof text !== 'string' || !text.isWellFormed()) throw new HoldfastError('FILTER_INVALID', `the body is a JSON object with the texts ${names.join(', ')}`, { field: name })
  }
  return Object.fromEntries(texts) as Readonly<Record<Name, string>>
}

async function whole(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new HoldfastError('FILTER_INVALID', `the body has at most ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
