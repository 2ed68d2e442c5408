import type { Identity } from './call.ts'
import type { ChannelId } from './ids.ts'

export const TRANSFER_KINDS = ['blind', 'attended'] as const
/** `attended`: whoever passed the call on had spoken with the one who took it. */
export type TransferKind = (typeof TRANSFER_KINDS)[number]

/** One end of a transfer, as far as the PBX told it. */
export interface TransferLeg {
  /** `null` where there is no leg yet: the target of a blind transfer is a number. */
  readonly channelId: ChannelId | null
  readonly identity: Identity
  readonly endpoint: string | null
}

/** A call was passed on (R11): by whom, to whom, when. The PBX's time. */
export interface Transfer {
  readonly kind: TransferKind
  readonly at: Date
  readonly by: TransferLeg
  readonly to: TransferLeg
}

/** A transfer is told once; after a retry, maybe again. */
export function isSameTransfer(one: Transfer, other: Transfer): boolean {
  return one.kind === other.kind && one.at.getTime() === other.at.getTime() && one.by.channelId === other.by.channelId
}
