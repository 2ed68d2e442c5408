import type { Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'

const LEAST = 3
const MOST = 500
/** A tombstone and a receipt keep it for good, and a terminal shows it. */
const CONTROL = /\p{Cc}/u

/** Why somebody does it, without blanks around it. @throws HoldfastError `REASON_REQUIRED`; `details.field` names the field */
export function givenReason(text: string, field = 'reason'): string {
  const reason = text.trim()
  if (reason.length < LEAST || reason.length > MOST || CONTROL.test(reason) || !reason.isWellFormed()) {
    throw new HoldfastError('REASON_REQUIRED', `${field}: ${LEAST} to ${MOST} printable characters`, { field })
  }
  return reason
}

/** The same requester, who says why; without a word, as she was. @throws HoldfastError `REASON_REQUIRED` for a reason that is none */
export function withReason(requester: Requester, text: string | null | undefined, field = 'reason'): Requester {
  return text === null || text === undefined ? requester : { ...requester, reason: givenReason(text, field) }
}
