export const RECORDED_SIDES = ['source', 'destination'] as const
/** `source` follows the customer until she leaves; `destination` follows the agent until the agent leaves. */
export type RecordedSide = (typeof RECORDED_SIDES)[number]

export const RECORD_ACTIONS = ['source', 'destination', 'both', 'no', 'as-asked'] as const
/** `as-asked` obeys the dialplan's own `record` key. */
export type RecordAction = (typeof RECORD_ACTIONS)[number]

export const PAUSE_RIGHTS = ['allowed', 'forbidden'] as const
export type PauseRight = (typeof PAUSE_RIGHTS)[number]
