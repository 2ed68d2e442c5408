import { createHash } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import { HoldfastError } from '../core/domain/errors.ts'

/** Documents by the SHA-256 of their text, as 64 lower-case hexadecimal digits. */
export type AllowedOperations = ReadonlyMap<string, string>

/** Only these documents are answered: named by their digest, or sent as they are, letter for letter. */
export function allowOnly(operations: AllowedOperations): Plugin {
  return {
    onParams: ({ params, setParams }) => {
      const named = params.query !== undefined && params.query !== '' ? digestOf(params.query) : namedDigest(params.extensions)
      const query = named === null ? undefined : operations.get(named)
      if (query === undefined) throw new HoldfastError('OPERATION_UNKNOWN', 'only operations that are listed in `http.operationsFile` are answered: have this one added there, under the SHA-256 of its text', {})
      setParams({ ...params, query })
    },
  }
}

export function digestOf(document: string): string {
  return createHash('sha256').update(document).digest('hex')
}

/** As clients of persisted queries send it: `extensions.persistedQuery.sha256Hash`. */
function namedDigest(extensions: Readonly<Record<string, unknown>> | undefined): string | null {
  const persisted = extensions?.['persistedQuery']
  return typeof persisted === 'object' && persisted !== null && 'sha256Hash' in persisted && typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash : null
}
