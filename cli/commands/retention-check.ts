import type { Command } from 'commander'
import { checkRetentionFile } from '../../config/retention/read-retention.ts'
import { problemLines } from '../../config/problem.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { RetentionTerms } from '../../core/domain/retention/retention-rules.ts'
import { table } from '../demo/table.ts'
import type { CommandContext } from './command-context.ts'
import { type JsonOption, jsonOption } from './options.ts'

const HELP = `
Tells every fault with its line and column. Reads the file; changes nothing.

Examples:
  holdfast retention check retention.yaml
  holdfast retention check retention.yaml --json | jq '.problems[].path'`

export function addRetentionCheck(retention: Command, { terminal }: CommandContext): void {
  retention
    .command('check')
    .description('tell every fault of a retention file')
    .argument('<file>', 'the retention file')
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((file: string, { json }: JsonOption) => {
      const check = checkRetentionFile(file)
      const problems = check.outcome === 'valid' ? [] : check.problems
      if (json === true) terminal.out(JSON.stringify({ file, outcome: check.outcome, problems, version: check.outcome === 'valid' ? check.rules.version : null }, null, 2))
      if (check.outcome === 'invalid') throw new HoldfastError('RETENTION_INVALID', [`${file} is not valid`, ...problemLines(problems)].join('\n  '), { file, problems: problems.length })
      if (json === true) return
      const { rules, otherwise, version } = check.rules
      terminal.out([`${file}: valid`, table(['rule', 'minimum', 'archive after', 'purge after'], [...rules, otherwise].map(rowOf)), `version ${version}`].join('\n'))
    })
}

function rowOf({ name, minimumDays, archiveAfterDays, purgeAfterDays }: RetentionTerms & { readonly name: string }): readonly string[] {
  return [name, minimumDays === 0 ? 'none' : days(minimumDays), days(archiveAfterDays), days(purgeAfterDays)]
}

function days(count: number | null): string {
  return count === null ? 'never' : `${count} d`
}
