/**
 * Every failure that Holdfast foresees. `retry`: the same request may succeed later without a change;
 * `audience`: who can act on it. Codes are never renamed, and a removed one is never used again.
 */
export const ERROR_CODES = {
  // configuration and command line
  ALREADY_RUNNING: { retry: false, audience: 'operator' },
  CONFIG_INVALID: { retry: false, audience: 'operator' },
  KEY_FILE_INVALID: { retry: false, audience: 'operator' },
  LAB_FAILED: { retry: true, audience: 'operator' },
  LAB_UNAVAILABLE: { retry: false, audience: 'operator' },
  LISTEN_FAILED: { retry: false, audience: 'operator' },
  // words that strangers wrote
  MALFORMED_ID: { retry: false, audience: 'user' },
  FIELD_REFUSED: { retry: false, audience: 'operator' },
  FILTER_INVALID: { retry: false, audience: 'user' },
  CURSOR_INVALID: { retry: false, audience: 'user' },
  POLICY_INVALID: { retry: false, audience: 'user' },
  PEOPLE_INVALID: { retry: false, audience: 'user' },
  PEOPLE_NOT_FOUND: { retry: false, audience: 'user' },
  // PBX
  PBX_UNREACHABLE: { retry: true, audience: 'operator' },
  PBX_TIMEOUT: { retry: true, audience: 'operator' },
  PBX_REFUSED: { retry: false, audience: 'operator' },
  PBX_UNKNOWN: { retry: false, audience: 'user' },
  NODE_UNREACHABLE: { retry: true, audience: 'operator' },
  CHANNEL_GONE: { retry: false, audience: 'user' },
  // our own telephone
  PHONE_CALL_FAILED: { retry: true, audience: 'operator' },
  PHONE_TIMEOUT: { retry: true, audience: 'operator' },
  // capture
  RECORDING_NOT_FOUND: { retry: false, audience: 'user' },
  RECORDING_NOT_ACTIVE: { retry: false, audience: 'user' },
  INTERACTION_NOT_FOUND: { retry: false, audience: 'user' },
  PAUSE_NOT_ALLOWED: { retry: false, audience: 'user' },
  PAUSE_FAILED: { retry: true, audience: 'user' },
  NO_LIVE_CALL: { retry: false, audience: 'user' },
  DESK_IN_USE: { retry: true, audience: 'user' },
  START_NOT_ALLOWED: { retry: false, audience: 'user' },
  START_FAILED: { retry: true, audience: 'user' },
  STOP_NOT_ALLOWED: { retry: false, audience: 'user' },
  STOP_FAILED: { retry: true, audience: 'user' },
  ATTACHED_REFUSED: { retry: false, audience: 'user' },
  ATTACHED_FAILED: { retry: true, audience: 'user' },
  ILLEGAL_TRANSITION: { retry: false, audience: 'operator' },
  // spool and ingest
  SPOOL_FILE_MISSING: { retry: true, audience: 'operator' },
  SPOOL_FILE_INCOMPLETE: { retry: true, audience: 'operator' },
  SPOOL_FILE_BROKEN: { retry: false, audience: 'operator' },
  SPOOL_UNREACHABLE: { retry: true, audience: 'operator' },
  // holds and destruction
  HOLD_NOT_FOUND: { retry: false, audience: 'user' },
  HOLD_TOO_LATE: { retry: false, audience: 'user' },
  HOLD_RELEASED: { retry: false, audience: 'user' },
  RECORDING_HELD: { retry: false, audience: 'user' },
  RECORDING_KEPT: { retry: false, audience: 'user' },
  RECORDING_BUSY: { retry: true, audience: 'user' },
  REASON_REQUIRED: { retry: false, audience: 'user' },
  // retention
  RETENTION_INVALID: { retry: false, audience: 'user' },
  RETENTION_RUNNING: { retry: true, audience: 'user' },
  // sealing and storage
  NO_RECIPIENT: { retry: false, audience: 'operator' },
  NO_IDENTITY: { retry: false, audience: 'user' },
  INTEGRITY_MISMATCH: { retry: false, audience: 'user' },
  BLOB_NOT_FOUND: { retry: false, audience: 'operator' },
  BLOB_RANGE: { retry: false, audience: 'user' },
  STORE_FAILED: { retry: true, audience: 'operator' },
  STORE_NEWER: { retry: false, audience: 'operator' },
  JOB_LEASE_LOST: { retry: true, audience: 'operator' },
  // export
  EXPORT_NOT_FOUND: { retry: false, audience: 'user' },
  EXPORT_NOT_READY: { retry: true, audience: 'user' },
  EXPORT_OVER: { retry: false, audience: 'user' },
  EXPORT_TOO_LARGE: { retry: false, audience: 'user' },
  EXPORT_LIMIT: { retry: true, audience: 'user' },
  ENCODER_MISSING: { retry: false, audience: 'user' },
  ENCODER_FAILED: { retry: true, audience: 'user' },
  // access
  UNAUTHENTICATED: { retry: false, audience: 'user' },
  FORBIDDEN: { retry: false, audience: 'user' },
  TICKET_INVALID: { retry: false, audience: 'user' },
  TICKET_EXPIRED: { retry: false, audience: 'user' },
  MEDIA_NOT_READY: { retry: true, audience: 'user' },
  MEDIA_ABSENT: { retry: false, audience: 'user' },
  AUDIT_UNAVAILABLE: { retry: true, audience: 'user' },
  RATE_LIMITED: { retry: true, audience: 'user' },
  OPERATION_UNKNOWN: { retry: false, audience: 'user' },
  QUERY_TOO_COSTLY: { retry: false, audience: 'user' },
  QUERY_TIMEOUT: { retry: true, audience: 'user' },
} as const satisfies Record<string, { readonly retry: boolean; readonly audience: 'user' | 'operator' }>

export type ErrorCode = keyof typeof ERROR_CODES

/** Small facts about a failure. Never audio paths with names, numbers, attached-data values or keys. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>

/** The one error class of Holdfast: whatever else is thrown is a bug. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
  }

  /** Whether the same request may succeed later without a change. */
  get retry(): boolean {
    return ERROR_CODES[this.code].retry
  }
}

/** Narrows a caught value to a foreseen failure with this code. */
export function isHoldfastError(error: unknown, code?: ErrorCode): error is HoldfastError {
  return error instanceof HoldfastError && (code === undefined || error.code === code)
}
