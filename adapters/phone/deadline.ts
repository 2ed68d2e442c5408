import { HoldfastError } from '../../core/domain/errors.ts'

/** @throws HoldfastError `PHONE_TIMEOUT` when the promise has not settled in time */
export async function withinDeadline<T>(promise: Promise<T>, timeoutMs: number, awaited: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HoldfastError('PHONE_TIMEOUT', `${awaited}: nothing within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, deadline])
  } finally {
    clearTimeout(timer)
  }
}
