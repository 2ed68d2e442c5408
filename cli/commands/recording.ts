import { readFile } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import { parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import { type ConsoleLegal, openConsoleLegal } from '../console-legal.ts'
import { unreadable } from '../file-trouble.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { reasonOption, refused } from './legal-options.ts'
import { addRecordingLabel } from './recording-label.ts'
import { collected, type ConfigOption, configOption } from './options.ts'

const DELETE_HELP = `
Destroys recordings for good: every header, the sealed sound, what is left in the spool, numbers and names. A tombstone and a
signed receipt stay; the receipt is printed, one line of JSON for each. A legal hold, a minimum retention or a call that goes on
prevents it. Nothing is destroyed without --yes: then the command only tells what stands in the way, and ends with 1. What was destroyed already
gives its receipt again.

What a file system, a database or a backup still keeps of deleted bytes: docs/holds.md.

Examples:
  holdfast recording delete 797088153600064 --reason 'asked for in writing, letter 12' --yes
  holdfast recording delete --file ids.txt --reason 'test calls of the installation' --yes > receipts.jsonl`

const ALL: { readonly type: 'all' } = { type: 'all' }

interface DeleteOptions extends ConfigOption {
  readonly reason: string
  readonly file?: string
  readonly yes?: true
}

export function addRecording(program: Command, context: CommandContext): void {
  const recording = program.command('recording').description('single recordings')
  addRecordingLabel(recording, context)
  recording
    .command('delete')
    .description('destroy recordings, with a signed receipt for each')
    .addArgument(new Argument('[recording ids...]', 'the numbers that the API and the log show').argParser(collected(parseId)).default([], 'none'))
    .option('--file <file>', 'a file with one id a line')
    .addOption(reasonOption())
    .option('--yes', 'destroy them: this cannot be taken back')
    .addOption(configOption())
    .addHelpText('after', DELETE_HELP)
    .action(async (named: readonly RecordingId[], options: DeleteOptions, command: Command) => {
      const ids = [...named, ...(options.file === undefined ? [] : await idsIn(options.file))]
      if (ids.length === 0) command.error('error: name recordings, or give --file')
      await using legal = await openConsoleLegal(loadSettingsDespitePolicy(options.config))
      if (options.yes === true) await destroyAll(legal, { ids, reason: options.reason }, context)
      else await tellWhatStandsInTheWay(legal, ids, context)
    })
}

/** One that is refused keeps none of the others. */
async function destroyAll({ deletion, officer }: ConsoleLegal, { ids, reason }: { readonly ids: readonly RecordingId[]; readonly reason: string }, context: CommandContext): Promise<void> {
  const { terminal } = context
  using bar = new ProgressBar('destroy')
  const counts = { destroyed: 0, before: 0, pending: 0, refused: 0 }
  for (const [index, id] of ids.entries()) {
    bar.show(index, ids.length)
    try {
      const { receipt, when } = await deletion.delete(officer, id, reason)
      if (when === 'before') terminal.err(`${id}: was destroyed already; this is its receipt.`)
      if (receipt !== null) terminal.out(receipt)
      else terminal.err(`${id}: decided, and not to the end yet: a store or a spool does not answer. The service goes on with it.`)
      counts[when === 'before' ? 'before' : receipt === null ? 'pending' : 'destroyed'] += 1
    } catch (error) {
      if (!isHoldfastError(error) || error.code === 'REASON_REQUIRED') throw error
      terminal.err(`${id}: ${error.message} (${error.code})`)
      counts.refused += 1
    }
  }
  bar[Symbol.dispose]()
  const before = counts.before === 0 ? '' : ` ${counts.before} destroyed already,`
  terminal.err(`${counts.destroyed} destroyed,${before} ${counts.pending} not to the end yet, ${counts.refused} refused.`)
  if (counts.refused > 0) context.fail()
}

/** Ends as what was not done: a script that forgot `--yes` must not take it for a deletion. */
async function tellWhatStandsInTheWay({ store }: ConsoleLegal, ids: readonly RecordingId[], context: CommandContext): Promise<void> {
  const { terminal } = context
  let free = 0
  for (const id of ids) {
    const recording = await store.repository.find(id, ALL)
    const holds = recording === null ? [] : (await store.holds.over([recording])).get(id) ?? []
    if (recording === null) terminal.err(`${id}: there is no such recording`)
    else if (recording.state === 'purged') terminal.err(`${id}: is destroyed already`)
    else if (holds.length > 0) terminal.err(`${id}: under legal hold: ${holds.map(({ caseName, id: hold }) => `${caseName} (${hold})`).join(', ')}`)
    else free += 1
  }
  terminal.err(`Nothing was destroyed. No hold stands over ${free} of ${ids.length}; add --yes to destroy them.`)
  context.fail()
}

async function idsIn(file: string): Promise<readonly RecordingId[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  return text.split('\n').flatMap((line, index): readonly RecordingId[] => line.trim() === '' ? [] : [idOfLine(file, index + 1, line.trim())])
}

function idOfLine(file: string, line: number, text: string): RecordingId {
  try {
    return parseRecordingId(text)
  } catch (cause) {
    throw new HoldfastError('CONFIG_INVALID', `${file}, line ${line}: not the number of a recording, such as 797088153600064. Nothing was destroyed`, { file, line }, { cause })
  }
}

function parseId(text: string): RecordingId {
  return refused(text, parseRecordingId, 'The number of a recording, such as 797088153600064.')
}
