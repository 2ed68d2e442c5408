import { isHoldfastError } from '../../core/domain/errors.ts'
import { type Check, checksOf } from './check.ts'

/** What was read, or the finding that it could not be. */
export type Attempt<Facts> = { readonly facts: Facts } | { readonly check: Check }

/** A link that does not work is a finding, and no end of the examination. */
export async function attempt<Facts>(subject: string, read: () => Promise<Facts>, advice: string | ((error: unknown) => string)): Promise<Attempt<Facts>> {
  try {
    return { facts: await read() }
  } catch (error) {
    return { check: checksOf(subject).fail(messageOf(error), typeof advice === 'string' ? advice : advice(error)) }
  }
}

/** Node's connection errors carry their words in parts. */
function messageOf(error: unknown): string {
  if (isHoldfastError(error)) return error.message
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
