import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addExportVerify } from './export-verify.ts'

export function addExports(program: Command, context: CommandContext): void {
  const parent = program.command('export').description('packages of recordings, with the proof of what is in them')
  addExportVerify(parent, context)
}
