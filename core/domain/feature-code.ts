export const CODE_ACTIONS = ['pause', 'resume', 'toggle', 'start', 'stop'] as const
/** What an agent asks for with her telephone, or the dialplan in her place. `toggle`: pause, or resume when paused. */
export type CodeAction = (typeof CODE_ACTIONS)[number]

export const CODE_WAYS = ['dtmf', 'dialplan'] as const
/** How it was asked for: keys on the agent's own leg, or a step of a route. */
export type CodeWay = (typeof CODE_WAYS)[number]

export const CODE_ANSWERS = ['paused', 'stopped', 'recording', 'failed'] as const
/** What she is told: nothing but what the PBX has confirmed of every running recording. */
export type CodeAnswer = (typeof CODE_ANSWERS)[number]
