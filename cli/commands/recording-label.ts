import { Argument, type Command, InvalidArgumentError } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import { openConsoleLegal } from '../console-legal.ts'
import type { CommandContext } from './command-context.ts'
import { refused } from './legal-options.ts'
import { collected, type ConfigOption, configOption } from './options.ts'

const HELP = `
A label is a letter or digit, then up to 63 letters, digits, blanks and . _ -; it is on a recording once. Recordings are found
by it (\`filter: { label: … }\`). When a recording goes, no label decides that is put on or taken off by hand: docs/retention.md.

Examples:
  holdfast recording label add 797088153600064 complaint 'to be trained with'
  holdfast recording label remove 797088153600064 complaint`

const VERBS = { add: { does: 'put labels on a recording', change: (labels: readonly string[]) => ({ add: labels, remove: [] }) }, remove: { does: 'take labels off', change: (labels: readonly string[]) => ({ add: [], remove: labels }) } } as const

export function addRecordingLabel(recording: Command, { terminal }: CommandContext): void {
  const label = recording.command('label').description('labels of a recording')
  for (const [verb, { does, change }] of Object.entries(VERBS)) {
    label
      .command(verb)
      .description(does)
      .argument('<recording id>', 'the number that the API and the log show', (text) => refused(text, parseRecordingId, 'The number of a recording, such as 797088153600064.'))
      .addArgument(new Argument('<labels...>', 'one or more').argParser(collected(given)).default([], 'none'))
      .addOption(configOption())
      .addHelpText('after', HELP)
      .action(async (id: RecordingId, labels: readonly string[], { config }: ConfigOption) => {
        await using legal = await openConsoleLegal(loadSettingsDespitePolicy(config))
        const changed = await legal.labelling.change(legal.officer, id, change(labels))
        terminal.out((changed?.labels ?? []).join('\n'))
      })
  }
}

function given(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A label has letters or digits.')
  return text
}
