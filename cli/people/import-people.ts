import { type Command, Option } from 'commander'
import { type PlacedEdit, readPeopleFile } from '../../config/people/read-people.ts'
import { type Problem, problemLines } from '../../config/problem.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { EditFault } from '../../core/library/people/people-plan.ts'
import type { CommandContext } from '../commands/command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from '../commands/options.ts'
import { openPeople } from './console-people.ts'
import { differenceLines } from './show-differences.ts'

const HELP = `
What the file names is as the file says afterwards; what it does not name stays as it is. Twice is once. One fault anywhere,
and nothing is changed: every fault is told with its line and column. The form of the file: docs/access.md.

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
      const reading = readPeopleFile(file)
      if (reading.outcome === 'invalid') throw invalid(file, reading.problems)
      const edits = reading.edits.map(({ edit }) => edit)
      await using console = await openPeople(config)
      const faults = await console.people.faults(console.requester, edits)
      if (faults.length > 0) throw invalid(file, faults.map((fault) => reading.problemAt(...placeOf(fault, reading.edits))))
      const { differences, restamp } = await (dryRun === true ? console.people.preview(console.requester, edits) : console.people.edit(console.requester, edits))
      if (json === true) terminal.out(JSON.stringify({ changed: dryRun !== true, differences, restampFrom: restamp?.from ?? null }, null, 2))
      else for (const line of differenceLines(differences)) terminal.out(line)
      const restamped = restamp === null ? '' : ' Recordings of before are looked at again by the running service, or by `holdfast org restamp`.'
      terminal.err(differences.length === 0 ? 'Everything is as the file says.' : dryRun === true ? `${differences.length} changes; nothing was changed.` : `${differences.length} changes.${restamped}`)
    })
}

function placeOf(fault: EditFault, edits: readonly PlacedEdit[]): readonly [readonly (string | number)[], string] {
  if ('edit' in fault) return [edits[fault.edit]?.path ?? [], fault.error.message]
  const { about, text } = fault.together
  const found = edits.find(({ edit }) => about.type === 'unit' ? 'unitId' in edit && edit.unitId === about.unitId : edit.type === 'user' && edit.name === about.name)
  return [found?.path ?? [], text]
}

function invalid(file: string, problems: readonly Problem[]): HoldfastError {
  const message = [`${file}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}; nothing was changed`, ...problemLines(problems).map((line) => `  ${line}`)].join('\n')
  return new HoldfastError('PEOPLE_INVALID', message, { file, problems: problems.length })
}
