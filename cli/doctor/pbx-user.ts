import type { SpoolFacts } from './spool-facts.ts'
import { findSystemUser, type SystemUser, userOf, usersRunning } from './system-users.ts'

/** What shows whom a PBX runs as. */
export interface Traces {
  /** As it says itself; `null`: it does not. */
  readonly runUser: string | null
  /** Its process. */
  readonly program: string
  readonly facts: SpoolFacts
  /** Whether it runs on this machine. */
  readonly near: boolean
}

/**
 * Whom the PBX runs as: as it says, as its process shows, or as the owner of what it wrote, or of its spool. `null`: not known from here.
 * A user's name means something on its own machine only; numbers are what a shared disk shows.
 */
export async function pbxUserOf({ runUser, program, facts, near }: Traces): Promise<SystemUser | null> {
  const told = runUser === null || !near ? null : await findSystemUser(runUser)
  if (told !== null) return told
  const running = near ? await usersRunning(program) : []
  const spoolOwner = facts.root === null || facts.root.uid === 0 || facts.root.uid === process.geteuid?.() ? [] : [facts.root.uid]
  const [uid, ...others] = [running, facts.waiting.owners, spoolOwner].find((uids) => uids.length > 0) ?? []
  return uid === undefined || others.length > 0 ? null : await userOf(uid)
}
