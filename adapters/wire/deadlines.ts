import { HoldfastError } from '../../core/domain/errors.ts'

/** How long to wait, and for what: the words of the error. */
export interface Deadline {
  readonly ms: number
  readonly what: string
}

/**
 * The promise's own outcome, or a refusal when the deadline passes first. The work itself is not ended: its owner does that.
 * @throws HoldfastError `PBX_TIMEOUT`
 */
export async function withDeadline<T>(work: Promise<T>, { ms, what }: Deadline): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new HoldfastError('PBX_TIMEOUT', `${what}: no answer within ${ms} ms`, { deadlineMs: ms })), ms)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
