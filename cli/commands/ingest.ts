import { Argument, type Command, InvalidArgumentError } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { aboutRecording, personalOf } from '../../core/domain/audit-entry.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import type { Recording } from '../../core/domain/recording.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../core/ports/recording-repository.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const HELP = `
For recordings that failed although the PBX has written sound: their spool files stay where they are. Mend first what was
wrong (the log and the audit name the reason), then try again. The running service does the work; one that is stopped does it
when it starts. Prints the ids of the recordings that are tried again. A recording that cannot be stored fails again.

Examples:
  holdfast ingest retry 797088153600064
  holdfast ingest retry --all-failed`

const ALL: { readonly type: 'all' } = { type: 'all' }
const FAILED: RecordingFilter = { ...ANY_RECORDING, states: ['failed'] }
/** Recordings read at once. */
const PAGE = 200

interface RetryOptions extends ConfigOption {
  readonly allFailed?: true
}

export function addIngest(program: Command, context: CommandContext): void {
  program
    .command('ingest')
    .description('bring recordings from the spool into the store')
    .command('retry')
    .description('try recordings again that failed')
    .addArgument(new Argument('[recording id]', 'the number that the API and the log show').argParser(parseIdArgument))
    .option('--all-failed', 'every recording that failed and has sound')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(async (id: RecordingId | undefined, { config, allFailed }: RetryOptions, command: Command) => {
      if ((id === undefined) === (allFailed !== true)) command.error('error: give either the id of a recording or --all-failed')
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const retried = id === undefined ? await retryAll(store) : await retryOne(store, id, context)
      for (const each of retried) context.terminal.out(each)
      if (id === undefined) context.terminal.err(`${retried.length} recordings are tried again.`)
    })
}

async function retryOne(store: ConsoleStore, id: RecordingId, context: CommandContext): Promise<readonly RecordingId[]> {
  const recording = await store.repository.find(id, ALL)
  const against = reasonAgainst(recording)
  if (recording === null || against !== null) {
    if (against !== null) context.terminal.err(against)
    context.fail()
    return []
  }
  await retry(store, recording)
  return [id]
}

async function retryAll(store: ConsoleStore): Promise<readonly RecordingId[]> {
  const retried: RecordingId[] = []
  for (let before: RecordingId | null = null; ;) {
    const { recordings, hasMore } = await store.repository.search({ filter: FAILED, scope: ALL, first: PAGE, before })
    for (const recording of recordings.filter((each) => reasonAgainst(each) === null)) {
      await retry(store, recording)
      retried.push(recording.id)
    }
    before = recordings.at(-1)?.id ?? null
    if (!hasMore || before === null) return retried
  }
}

/** Told first: what cannot be audited is not carried out. Work that is queued already stays queued once. */
async function retry({ audit, jobs }: ConsoleStore, recording: Recording): Promise<void> {
  const at = systemClock.now()
  const { id, interactionId, pbxId, reason } = recording
  await audit.append({
    at, actor: consoleActor(), action: 'recording.repaired', object: aboutRecording(id), outcome: 'ok', reason: 'ingest-retried',
    details: { interactionId, pbxId, failedBecause: reason }, personal: personalOf(recording),
  })
  await jobs.enqueue('ingest', id, at)
}

function reasonAgainst(recording: Recording | null): string | null {
  if (recording === null) return 'There is no such recording.'
  const { state, segments } = recording
  if (state !== 'failed') return `The recording is ${state}: only one that failed is tried again.`
  if (recording.reason === 'quarantined') return 'A pause in it was not found: `holdfast quarantine` tells what is needed.'
  return segments.length === 0 ? 'The PBX never recorded anything of it: there is no sound to bring in.' : null
}

function parseIdArgument(text: string): RecordingId {
  try {
    return parseRecordingId(text)
  } catch (error) {
    if (isHoldfastError(error)) throw new InvalidArgumentError('The number of a recording, such as 797088153600064.')
    throw error
  }
}
