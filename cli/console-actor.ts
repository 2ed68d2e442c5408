import { userInfo } from 'node:os'
import type { Actor } from '../core/domain/audit-entry.ts'

/** Whoever sits at the console, as the system knows them; a number where it has no name for it. */
export function consoleActor(): Actor {
  return { type: 'cli', id: userName() }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in passwd, as in containers. Source: Node 24 os.userInfo throws SystemError
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
