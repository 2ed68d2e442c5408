import type { Terminal } from '../terminal.ts'

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  /** The command did what it was asked, and what it found is bad: exit code 1. */
  fail(): void
}
