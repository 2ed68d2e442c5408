import type { HoldfastError } from '../../domain/errors.ts'

/**
 * The result of the work, or the error of being late when the signal says so first. What is under way is not broken off: the PBX may have
 * done it already, and what it confirms late is journalled all the same.
 */
export async function withinSignal<T>(work: Promise<T>, signal: AbortSignal, tooLate: () => HoldfastError): Promise<T> {
  const late = Promise.withResolvers<never>()
  const abort = (): void => late.reject(tooLate())
  work.catch(() => undefined)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, late.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
