import { ERROR_CODES, type ErrorCode, HoldfastError, isHoldfastError } from '../core/domain/errors.ts'
import type { UserErrorCode } from './generated/resolvers.ts'

type UserFacing = { [C in ErrorCode]: (typeof ERROR_CODES)[C]['audience'] extends 'user' ? C : never }[ErrorCode]

/** Does not compile when a user-facing code is missing in the schema, or the reverse. */
const SCHEMA_CODES: { readonly [C in UserFacing]: C & UserErrorCode } & { readonly [C in UserErrorCode]: C & UserFacing } = {
  MALFORMED_ID: 'MALFORMED_ID',
  FILTER_INVALID: 'FILTER_INVALID',
  CURSOR_INVALID: 'CURSOR_INVALID',
  POLICY_INVALID: 'POLICY_INVALID',
  PEOPLE_INVALID: 'PEOPLE_INVALID',
  PEOPLE_NOT_FOUND: 'PEOPLE_NOT_FOUND',
  PBX_UNKNOWN: 'PBX_UNKNOWN',
  CHANNEL_GONE: 'CHANNEL_GONE',
  RECORDING_NOT_FOUND: 'RECORDING_NOT_FOUND',
  RECORDING_NOT_ACTIVE: 'RECORDING_NOT_ACTIVE',
  INTERACTION_NOT_FOUND: 'INTERACTION_NOT_FOUND',
  PAUSE_NOT_ALLOWED: 'PAUSE_NOT_ALLOWED',
  PAUSE_FAILED: 'PAUSE_FAILED',
  NO_LIVE_CALL: 'NO_LIVE_CALL',
  DESK_IN_USE: 'DESK_IN_USE',
  START_NOT_ALLOWED: 'START_NOT_ALLOWED',
  START_FAILED: 'START_FAILED',
  STOP_NOT_ALLOWED: 'STOP_NOT_ALLOWED',
  STOP_FAILED: 'STOP_FAILED',
  ATTACHED_REFUSED: 'ATTACHED_REFUSED',
  ATTACHED_FAILED: 'ATTACHED_FAILED',
  EXPORT_NOT_FOUND: 'EXPORT_NOT_FOUND',
  EXPORT_NOT_READY: 'EXPORT_NOT_READY',
  EXPORT_OVER: 'EXPORT_OVER',
  EXPORT_TOO_LARGE: 'EXPORT_TOO_LARGE',
  EXPORT_LIMIT: 'EXPORT_LIMIT',
  ENCODER_MISSING: 'ENCODER_MISSING',
  ENCODER_FAILED: 'ENCODER_FAILED',
  HOLD_NOT_FOUND: 'HOLD_NOT_FOUND',
  HOLD_TOO_LATE: 'HOLD_TOO_LATE',
  HOLD_RELEASED: 'HOLD_RELEASED',
  RECORDING_HELD: 'RECORDING_HELD',
  RECORDING_KEPT: 'RECORDING_KEPT',
  RECORDING_BUSY: 'RECORDING_BUSY',
  REASON_REQUIRED: 'REASON_REQUIRED',
  RETENTION_INVALID: 'RETENTION_INVALID',
  RETENTION_RUNNING: 'RETENTION_RUNNING',
  NO_IDENTITY: 'NO_IDENTITY',
  INTEGRITY_MISMATCH: 'INTEGRITY_MISMATCH',
  BLOB_RANGE: 'BLOB_RANGE',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  TICKET_INVALID: 'TICKET_INVALID',
  TICKET_EXPIRED: 'TICKET_EXPIRED',
  MEDIA_NOT_READY: 'MEDIA_NOT_READY',
  MEDIA_ABSENT: 'MEDIA_ABSENT',
  AUDIT_UNAVAILABLE: 'AUDIT_UNAVAILABLE',
  RATE_LIMITED: 'RATE_LIMITED',
  OPERATION_UNKNOWN: 'OPERATION_UNKNOWN',
  QUERY_TOO_COSTLY: 'QUERY_TOO_COSTLY',
  QUERY_TIMEOUT: 'QUERY_TIMEOUT',
}

/** A failure as the API tells it. */
export interface UserErrorModel {
  readonly code: UserErrorCode
  readonly message: string
  readonly field: readonly string[] | null
  readonly retry: boolean
}

/** What the caller may be told of a failure, or `null` when it is none of theirs: then it is logged and masked. */
export function userErrorOf(error: unknown): UserErrorModel | null {
  if (!(error instanceof HoldfastError)) return null
  return describedError(error.code, error.message, error.details['field'])
}

/** What a caller is told of a failure that is none of theirs: that it is one, or that it may pass. What failed stands in the log alone. */
export function maskOf(error: unknown): { readonly status: number; readonly message: string; readonly extensions: Readonly<Record<string, string | boolean>> } {
  return isHoldfastError(error, 'STORE_FAILED')
    ? { status: 503, message: 'The catalogue, or a store of recordings, does not answer now: try again.', extensions: { code: 'UNAVAILABLE', retry: true } }
    : { status: 500, message: 'Unexpected error.', extensions: { code: 'INTERNAL' } }
}

/** As {@link userErrorOf}, from a code and its message. */
export function describedError(code: ErrorCode, message: string, field?: unknown): UserErrorModel | null {
  return isUserFacing(code) ? { code: SCHEMA_CODES[code], message, field: typeof field === 'string' ? ['input', field] : null, retry: ERROR_CODES[code].retry } : null
}

/** The payload of a mutation: what `act` gives and no errors, or the errors that the caller can act upon. @throws whatever else went wrong */
export async function asPayload<T extends object, E extends object>(act: () => Promise<T>, nothing: E): Promise<(T & { readonly userErrors: readonly UserErrorModel[] }) | (E & { readonly userErrors: readonly UserErrorModel[] })> {
  try {
    return { userErrors: [], ...await act() }
  } catch (error) {
    const told = userErrorOf(error)
    if (told === null) throw error
    return { ...nothing, userErrors: [told] }
  }
}

function isUserFacing(code: ErrorCode): code is UserFacing {
  return ERROR_CODES[code].audience === 'user'
}
