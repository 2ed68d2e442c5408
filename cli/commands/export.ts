import { constants } from 'node:fs'
import { access, lstat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import { type ExportId, parseExportId, parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import { EXPORT_AUDIOS, type ExportAudio } from '../../core/domain/package/manifest.ts'
import type { ExportRecord } from '../../core/ports/export-register.ts'
import { table } from '../demo/table.ts'
import { type ConsoleExports, openConsoleExports } from '../export/console-exports.ts'
import { exportFailure } from '../export/export-failure.ts'
import { fileTrouble } from '../file-trouble.ts'
import { ProgressBar } from '../progress-bar.ts'
import { writeNewFile } from '../write-new-file.ts'
import type { CommandContext } from './command-context.ts'
import { addExportVerify } from './export-verify.ts'
import { cautionsOfKeys, type SearchOptions, reasonOption, refused, searchOf, searchOptions } from './legal-options.ts'
import { collected, type ConfigOption, configOption, jsonOption, type JsonOption } from './options.ts'

const CREATE_HELP = `
Makes a package of the recordings that are named, or that a search finds: sound, what is known of them, what the audit tells of them,
a signed manifest, and a page that verifies all of it. With --out it is written there at once; without, \`export fetch\` does it, for
a week. What was broken off is gone on with by the service, or by \`export fetch\`. Every recording of it stands in the audit.

Examples:
  holdfast export create --reason "claim 4711" --recording 8123456789012345 --out claim-4711.tar
  holdfast export create --reason "inspection" --from 2026-03-01 --to 2026-04-01 --under /sales --recipient age1… --out march.tar`

interface CreateOptions extends ConfigOption, SearchOptions {
  readonly reason: string
  readonly recording: readonly RecordingId[]
  readonly audio: ExportAudio
  readonly recipient?: string
  readonly out?: string
}

export function addExports(program: Command, context: CommandContext): void {
  const parent = program.command('export').description('packages of recordings, with the proof of what is in them')
  addCreate(parent, context)
  parent
    .command('list')
    .description('the packages that you ordered here, newest first')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using opened = await openConsoleExports(loadSettingsDespitePolicy(config))
      const found = await opened.exports.list(opened.officer, LISTED)
      if (json === true) context.terminal.out(JSON.stringify(found))
      else context.terminal.out(found.length === 0 ? 'No exports.' : table(['export', 'state', 'recordings', 'bytes', 'until', 'reason'], found.map(rowOf)))
    })
  parent
    .command('fetch')
    .description('write a package to a file; what is not made yet is made')
    .argument('<export>', 'its id', parseId)
    .addOption(configOption())
    .addOption(new Option('-o, --out <file>', 'the file, which must not be there yet').makeOptionMandatory())
    .action(async (id: ExportId, { config, out }: ConfigOption & { readonly out: string }) => {
      await using opened = await openConsoleExports(loadSettingsDespitePolicy(config))
      await made(opened, id)
      await fetched(opened, id, out)
      context.terminal.err(`Written to ${out} (readable by its owner only).`)
    })
  parent
    .command('cancel')
    .description('end an export, and destroy what is kept of it')
    .argument('<export>', 'its id', parseId)
    .addOption(configOption())
    .action(async (id: ExportId, { config }: ConfigOption) => {
      await using opened = await openConsoleExports(loadSettingsDespitePolicy(config))
      const { state } = await opened.exports.cancel(opened.officer, id)
      await opened.worker.sweep()
      context.terminal.out(`${id} ${state}`)
    })
  addExportVerify(parent, context)
}

/** More nobody reads at a terminal. */
const LISTED = 100

function addCreate(parent: Command, context: CommandContext): void {
  const none: readonly RecordingId[] = []
  const create = parent
    .command('create')
    .description('make a package of recordings')
    .addOption(configOption())
    .addOption(reasonOption())
    .addOption(new Option('--recording <id>', 'this recording; may be given again').argParser(collected((text) => refused(text, parseRecordingId, 'The number of a recording.'))).default(none, 'none'))
    .addOption(new Option('--audio <form>', 'as it was recorded, or made smaller by ffmpeg').choices(EXPORT_AUDIOS).default('wav'))
    .option('--recipient <age1…>', 'seal the sound to this age recipient: then it lies open nowhere')
    .option('-o, --out <file>', 'the file, which must not be there yet')
  for (const option of searchOptions()) create.addOption(option)
  create.addHelpText('after', CREATE_HELP).action(async ({ config, reason, recording, audio, recipient, out, ...search }: CreateOptions) => {
    const settings = loadSettingsDespitePolicy(config)
    if (out !== undefined) await needNew(out)
    for (const caution of cautionsOfKeys(search.data, settings)) context.terminal.err(caution)
    await using opened = await openConsoleExports(settings)
    const { id } = await opened.exports.request(opened.officer, { ids: recording.length === 0 ? null : recording, filter: searchOf(search), audio, recipient: recipient ?? null, reason })
    // Told before it is made: whoever is cut off can go on with it.
    context.terminal.out(id)
    await made(opened, id)
    if (out !== undefined) await fetchedOrKept(opened, id, out)
    context.terminal.err(out === undefined ? `Made. \`holdfast export fetch ${id} --out FILE\` writes it to a file.` : `Written to ${out} (readable by its owner only).`)
  })
}

/** Looked at before anything is ordered: an order stands in the audit, and keeps a package for a week. @throws HoldfastError `CONFIG_INVALID` */
async function needNew(file: string): Promise<void> {
  const isThere = await lstat(file).then(() => true, () => false)
  if (isThere) throw new HoldfastError('CONFIG_INVALID', `${file} cannot be written: it is there already. Nothing was ordered: choose another name`, { file })
  await access(dirname(file), constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new HoldfastError('CONFIG_INVALID', `${file} cannot be written: ${fileTrouble(cause)}. Nothing was ordered`, { file }, { cause })
  })
}

/** Makes it here, unless the service is at it; then it is waited for. @throws HoldfastError `EXPORT_OVER` */
async function made({ exports, worker, officer }: ConsoleExports, id: ExportId): Promise<ExportRecord> {
  using bar = new ProgressBar('export')
  const forever = new AbortController().signal
  for (;;) {
    await worker.work(forever, { only: id, progress: (done, of) => bar.show(done, of) })
    const record = await exports.find(officer, id)
    if (record === null) throw new HoldfastError('EXPORT_NOT_FOUND', 'there is no such export, or it is not yours', { exportId: id })
    if (record.state === 'ready') return record
    if (record.state !== 'queued' && record.state !== 'making') throw new HoldfastError('EXPORT_OVER', record.failure === null ? `the export is ${record.state}` : `the export failed: ${exportFailure(record.failure)}`, { exportId: id, failure: record.failure })
    bar.show(record.done, record.recordings)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

const LOOK_EVERY_MS = 500

async function fetched({ exports, officer }: ConsoleExports, id: ExportId, file: string): Promise<void> {
  const found = await exports.whole(officer, id)
  using bar = new ProgressBar('write')
  await writeNewFile(shown(exports.read(found, 0, found.record.sizeBytes), (done) => bar.show(done, found.record.sizeBytes)), file)
}

/** Made it is, and kept for a week: another place may have the room. */
async function fetchedOrKept(opened: ConsoleExports, id: ExportId, file: string): Promise<void> {
  try {
    await fetched(opened, id, file)
  } catch (cause) {
    if (!isHoldfastError(cause) || cause.code !== 'CONFIG_INVALID') throw cause
    throw new HoldfastError('CONFIG_INVALID', `${cause.message}. The package is made: \`holdfast export fetch ${id} --out FILE\` writes it to another place`, { file, exportId: id }, { cause })
  }
}

async function* shown(bytes: AsyncIterable<Uint8Array>, tell: (done: number) => void): AsyncGenerator<Uint8Array, void> {
  let done = 0
  for await (const piece of bytes) {
    yield piece
    done += piece.length
    tell(done)
  }
}

function rowOf({ id, state, failure, done, recordings, sizeBytes, expiresAt, reason }: ExportRecord): readonly string[] {
  return [id, failure === null ? state : `${state} (${failure})`, `${done} of ${recordings}`, String(sizeBytes), expiresAt === null ? '-' : expiresAt.toISOString(), reason]
}

function parseId(text: string): ExportId {
  return refused(text, parseExportId, '16 hexadecimal digits, as `export create` printed them.')
}
