import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { RetentionCheck } from '../../config/retention/read-retention.ts'
import { HoldfastError } from '../../core/domain/errors.ts'

/** A file of the longest that is read takes seconds; one that takes longer means no good. As for a policy. */
const READ_DEADLINE_MS = 10_000
/** Far above what such a file needs; a text that wants more ends its thread, and not the service. */
const MAX_HEAP_MB = 512

/**
 * Reads a retention file in a thread that lives for it alone: the calls of this process do not wait for YAML.
 * @throws HoldfastError `QUERY_TIMEOUT` when it takes too long
 */
export async function readRetentionFile(file: string): Promise<RetentionCheck> {
  // The same extension as this file's own: `.ts` in development, `.js` once built.
  const worker = new Worker(new URL(`./retention-worker${extname(import.meta.url)}`, import.meta.url), { name: 'retention', workerData: file, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } })
  const answer = Promise.withResolvers<RetentionCheck>()
  const timer = setTimeout(() => answer.reject(new HoldfastError('QUERY_TIMEOUT', 'the retention file took too long to read', { deadlineMs: READ_DEADLINE_MS })), READ_DEADLINE_MS)
  worker.once('message', (check: RetentionCheck) => answer.resolve(check))
  worker.once('error', (error) => answer.reject(error))
  worker.once('exit', () => answer.reject(new Error('the thread that reads retention files ended without an answer')))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
