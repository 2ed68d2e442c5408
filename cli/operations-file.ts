import { readFile } from 'node:fs/promises'
import { HoldfastError } from '../core/domain/errors.ts'
import { type AllowedOperations, digestOf } from '../graphql/allowed-operations.ts'

/** The documents of a JSON file `{"<SHA-256>": "<document>"}`. @throws HoldfastError `CONFIG_INVALID` when it is none, or a digest is not its document's */
export async function readOperations(file: string): Promise<AllowedOperations> {
  const operations = new Map<string, string>()
  for (const [digest, document] of Object.entries(mapIn(await readFile(file, 'utf8'), file))) {
    if (typeof document !== 'string') throw invalid(file, `what stands under ${JSON.stringify(digest)} is no text`)
    // Else a digest that clients name would stand for something else than they were built with.
    if (digestOf(document) !== digest) throw invalid(file, `${JSON.stringify(digest)} is not the SHA-256 of its document, in lower-case hexadecimal digits`)
    operations.set(digest, document)
  }
  return operations
}

function mapIn(text: string, file: string): object {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw invalid(file, 'it is no JSON object of digests and documents')
}

function invalid(file: string, why: string): HoldfastError {
  return new HoldfastError('CONFIG_INVALID', `http.operationsFile: ${file}: ${why}`, { file })
}
