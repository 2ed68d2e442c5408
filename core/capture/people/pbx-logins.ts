import type { Actor } from '../../domain/audit-entry.ts'
import { isEndpoint, isSameDesk, parseAgent } from '../../domain/desk.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { DeskLogin, PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'

type Told<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** After a gap: what the PBX says now goes before what was believed. */
export async function settleSeats({ seating, pbxId }: CaptureContext, { members, channels, at }: Told<'link-up'>): Promise<void> {
  const telephones = new Set(channels.flatMap(({ channel }) => channel.endpoint ?? []))
  await seating.settle(pbxId, { members, telephones, at })
}

export async function seatMember(context: CaptureContext, { member, at }: Told<'queue-member-added' | 'queue-member-removed'>): Promise<void> {
  context.seating.addMember(context.pbxId, member)
  await take(context, { login: member, source: 'queue', at })
}

/** She is a member of several queues at one telephone, and leaves it with the last. */
export async function unseatMember(context: CaptureContext, { member, at }: Told<'queue-member-added' | 'queue-member-removed'>): Promise<void> {
  if (context.seating.removeMember(context.pbxId, member) === 'elsewhere-too') return
  await leave(context, { login: member, source: 'queue', at })
}

export async function seatLogin(context: CaptureContext, { login, at }: Told<'agent-logged-in' | 'agent-logged-out'>): Promise<void> {
  await take(context, { login, source: 'pbx-login', at })
}

export async function unseatLogin(context: CaptureContext, { login, at }: Told<'agent-logged-in' | 'agent-logged-out'>): Promise<void> {
  await leave(context, { login, source: 'pbx-login', at })
}

/** A queue found somebody: by which name it knows the telephone. */
export async function seatConnected(context: CaptureContext, { agentChannelId, member, at }: Told<'queue-connected'>): Promise<void> {
  const endpoint = context.tracker.find(agentChannelId)?.channel.endpoint ?? null
  const agent = member === null || isEndpoint(member) ? null : personOf(member)
  if (endpoint !== null && agent !== null) await take(context, { login: { agent, endpoint }, source: 'queue', at })
}

interface Word {
  readonly login: DeskLogin
  readonly source: 'pbx-login' | 'queue'
  readonly at: Date
}

async function take({ seating, pbxId }: CaptureContext, { login: { agent, endpoint }, source, at }: Word): Promise<void> {
  await seating.take({ agent, desk: { pbxId, endpoint }, source }, said(pbxId), at)
}

async function leave({ seating, pbxId }: CaptureContext, { login: { agent, endpoint }, source, at }: Word): Promise<void> {
  await seating.leave((seat) => seat.source === source && seat.agent === agent && isSameDesk(seat.desk, { pbxId, endpoint }), said(pbxId), at)
}

function said(pbxId: CaptureContext['pbxId']): Actor {
  return { type: 'pbx', id: pbxId }
}

function personOf(member: string): string | null {
  try {
    return parseAgent(member)
  } catch (error) {
    if (isHoldfastError(error, 'MALFORMED_ID')) return null
    throw error
  }
}
