import { type Command, Option } from 'commander'
import { readPeopleFile } from '../../config/people/read-people.ts'
import { type Problem, problemLines, problemsInOrder } from '../../config/problem.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { CommandContext } from '../commands/command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from '../commands/options.ts'
import { openPeople } from './console-people.ts'
import { problemsOfFaults } from './problems-of-faults.ts'
import { differenceLines } from './show-differences.ts'

const HELP = `
What the file names is as the file says afterwards; what it does not name stays as it is. Twice is once. One fault anywhere,
and nothing is changed, and the exit code is 1: all faults of the file are told in one round, each with its line and column. The form of the file: docs/access.md.

Examples:
  holdfast org import people.yaml --dry-run
  holdfast org import people.yaml`

interface ImportOptions extends ConfigOption, JsonOption {
  readonly dryRun?: true
}

/** `import FILE`: the same below user, role and org, because one file says all three. */
export function addImport(noun: Command, { terminal }: CommandContext): void {
  noun
    .command('import')
    .description('make users, roles and units what a YAML file says')
    .argument('<file>', 'the file')
    .addOption(configOption())
    .addOption(new Option('--dry-run', 'show what would change, and change nothing'))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (file: string, { config, dryRun, json }: ImportOptions) => {
      const refusing = { format: json === true ? 'json' : 'text', terminal } as const
      const reading = readPeopleFile(file)
      // Without a single good entry there is nothing to hold against the people that there are.
      if (reading.edits.length === 0 && reading.problems.length > 0) throw refused(file, reading.problems, refusing)
      const edits = reading.edits.map(({ edit }) => edit)
      await using console = await openPeople(config)
      const faults = await console.people.faults(console.requester, edits, reading.isTold)
      const problems = problemsInOrder([...reading.problems, ...problemsOfFaults(faults, reading)])
      if (problems.length > 0) throw refused(file, problems, refusing)
      const { differences, restamp } = await (dryRun === true ? console.people.preview(console.requester, edits) : console.people.edit(console.requester, edits))
      if (json === true) terminal.out(JSON.stringify({ changed: dryRun !== true, differences, restampFrom: restamp?.from ?? null, problems }, null, 2))
      else for (const line of differenceLines(differences)) terminal.out(line)
      const restamped = restamp === null ? '' : ' Recordings of before are looked at again by the running service, or by `holdfast org restamp`.'
      terminal.err(differences.length === 0 ? 'Everything is as the file says.' : dryRun === true ? `${differences.length} changes; nothing was changed.` : `${differences.length} changes.${restamped}`)
    })
}

function refused(file: string, problems: readonly Problem[], { format, terminal }: Pick<CommandContext, 'terminal'> & { readonly format: 'json' | 'text' }): HoldfastError {
  if (format === 'json') terminal.out(JSON.stringify({ changed: false, differences: [], restampFrom: null, problems }, null, 2))
  const message = [`${file}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}; nothing was changed`, ...problemLines(problems).map((line) => `  ${line}`)].join('\n')
  return new HoldfastError('PEOPLE_INVALID', message, { file, problems: problems.length })
}
