import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addRetentionCheck } from './retention-check.ts'

export function addRetention(program: Command, context: CommandContext): void {
  const retention = program.command('retention').description('how long recordings are kept, and what goes')
  addRetentionCheck(retention, context)
}
