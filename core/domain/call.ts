import type { CallId, ChannelId, PbxId } from './ids.ts'

export const CHANNEL_SIDES = ['customer', 'agent', 'internal'] as const
/** Whose leg a channel is; apart from its role in the dialplan (caller, callee). */
export type ChannelSide = (typeof CHANNEL_SIDES)[number]

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const
/** Who called whom, seen from the company. On an outbound call the customer is the callee. */
export type Direction = (typeof DIRECTIONS)[number]

/** A number and a name as the PBX shows them; `null` where it showed none. */
export interface Identity {
  readonly number: string | null
  readonly name: string | null
}

/** One leg of a call, as the PBX described it last. */
export interface Channel {
  readonly pbxId: PbxId
  readonly channelId: ChannelId
  readonly callId: CallId
  /** The PBX's own name of the leg, such as `PJSIP/agentA-0000001c`. Changes at a rename; for people only. */
  readonly name: string
  /** The telephone behind it, such as `PJSIP/agentA`; `null` for legs without one. */
  readonly endpoint: string | null
  readonly caller: Identity
  /** The number that was dialled to reach the dialplan. */
  readonly dialled: string | null
  readonly createdAt: Date
  readonly answeredAt: Date | null
}

export const ANNOUNCEMENT_OUTCOMES = ['played', 'cut', 'failed', 'skipped'] as const
/** `cut`: the listener left before its end; `skipped`: it had been played to this interaction before. */
export type AnnouncementOutcome = (typeof ANNOUNCEMENT_OUTCOMES)[number]

/** That the caller was told: which prompt, when, to the end or not (R1). */
export interface Announcement {
  readonly prompt: string
  readonly outcome: AnnouncementOutcome
  readonly startedAt: Date
  readonly endedAt: Date
}
