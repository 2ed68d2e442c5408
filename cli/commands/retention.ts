import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addRetentionCheck } from './retention-check.ts'
import { addRetentionExplain } from './retention-explain.ts'
import { addRetentionPlan } from './retention-plan.ts'
import { addRetentionRun } from './retention-run.ts'
import { addRetentionRuns } from './retention-runs.ts'
import { addRetentionWhatIf } from './retention-what-if.ts'

export function addRetention(program: Command, context: CommandContext): void {
  const retention = program.command('retention').description('how long recordings are kept, and what goes')
  addRetentionCheck(retention, context)
  addRetentionPlan(retention, context)
  addRetentionExplain(retention, context)
  addRetentionWhatIf(retention, context)
  addRetentionRun(retention, context)
  addRetentionRuns(retention, context)
}
