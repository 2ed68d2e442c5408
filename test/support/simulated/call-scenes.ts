/** Of one call; `plain` and `kinds` tell what is attached, the word behind it what becomes of the route's question. Source: capture-asterisk.ts, capture-freeswitch.ts */
export const CALL_SCENES = [
  'plain-answered', 'plain-unanswered', 'plain-insured', 'plain-unserved', 'plain-blind', 'plain-attended', 'plain-code', 'kinds-answered', 'kinds-unanswered',
] as const
export type CallScene = (typeof CALL_SCENES)[number]
