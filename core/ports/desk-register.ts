import type { Asker } from '../domain/api-client.ts'
import type { Desk } from '../domain/desk.ts'
import type { Seat, Stay } from '../domain/seat.ts'

/** Who sits where, as the capture node believes it. */
export interface DeskRegister {
  /**
   * Somebody says that this agent sits at this desk from now on: she has left every other at which she signed in, and whoever had
   * signed in here has left. It holds for the calls that are answered from now on. Durable when it resolves. Idempotent.
   * @throws HoldfastError `PBX_UNKNOWN`; `FORBIDDEN` at a trunk; `DESK_IN_USE` (retry): whoever is signed in here has a call; `STORE_FAILED` (retry)
   */
  signIn(agent: string, desk: Desk, by: Asker): Promise<Seat>
  /** She sits nowhere any more by a sign-in: the seats that ended. Idempotent. @throws HoldfastError `STORE_FAILED` (retry) */
  signOut(agent: string, by: Asker): Promise<readonly Stay[]>
  /** The seats that are open now, whatever said so. */
  seats(): Promise<readonly Seat[]>
}
