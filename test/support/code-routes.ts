/**
 * What the first digit of an extension means. `both`: both sides are recorded. `unasked`: the rule allows pauses over the API only.
 * `queue`: as `both`, by a queue. `route`: the caller's route pauses, and ends the pause. `outbound`: the agent calls. `demand`: the rule
 * lets anybody start and stop. `local`: as `both`, through a Local channel that stays. `meeting`: both enter a conference, whose menu gives the agent the codes.
 * `law`: as `both`, and the rule forbids pauses.
 */
export const CODE_ROUTES = { both: '1', unasked: '2', queue: '3', route: '4', outbound: '5', demand: '6', local: '7', meeting: '8', law: '9' } as const
export type CodeRoute = keyof typeof CODE_ROUTES
