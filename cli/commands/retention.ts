import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addRetentionCheck } from './retention-check.ts'
import { addRetentionPlan } from './retention-plan.ts'
import { addRetentionRun } from './retention-run.ts'

export function addRetention(program: Command, context: CommandContext): void {
  const retention = program.command('retention').description('how long recordings are kept, and what goes')
  addRetentionCheck(retention, context)
  addRetentionPlan(retention, context)
  addRetentionRun(retention, context)
}
