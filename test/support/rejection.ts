import { expect } from 'chai'
import { type ErrorCode, HoldfastError } from '../../core/domain/errors.ts'

/** The failure that a promise must end with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise])
  if (outcome?.status === 'fulfilled') throw new Error('expected a failure, and there was none')
  return outcome?.reason
}

/** A promise must end with a foreseen failure of this code. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<HoldfastError> {
  const reason = await rejection(promise)
  if (!(reason instanceof HoldfastError)) throw reason
  expect(reason.code).to.equal(code)
  return reason
}
