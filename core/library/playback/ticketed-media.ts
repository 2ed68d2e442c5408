import type { Actor } from '../../domain/audit-entry.ts'
import type { MediaObject } from '../../domain/media.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Heard } from '../access/hearing.ts'
import type { Ticket } from './tickets.ts'

/** Who brought a ticket: the address, and the token's actor where one came with it. */
export interface Bearer {
  readonly address: string
  readonly actor: Actor | null
}

/** What a ticket opens, before anything of it was read. */
export interface TicketedMedia {
  readonly ticket: Ticket
  readonly recording: Recording
  readonly media: MediaObject
  readonly bearer: Bearer
  /** Which parts of it the ticket's owner hears. */
  readonly heard: Heard
}
