import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import { KeyRing } from '../../core/crypto/key-ring.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { type KeyCheck, verdictOf } from '../../core/domain/key-check.ts'
import { recordingIdTime } from '../../core/domain/recording-id.ts'
import { checkBackup, type TriedRecording } from '../../core/library/keys/key-backup-check.ts'
import { consoleActor } from '../console-actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { readIdentityFile } from '../keys/key-texts.ts'
import { askAtTerminal } from '../keys/passphrase.ts'
import { openBlobs } from '../open-blobs.ts'
import { ProgressBar } from '../progress-bar.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { counted } from '../counted.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Tries a file of identities on recordings that are stored: the oldest, the newest, and others drawn over all of the time between.
Of each it opens the header and the end of the sound, which proves that the object is whole; it reads no sound. Try the copy that
lies in the safe, not the file in use: a backup that nobody tried is a hope. The result is kept, and stands in the audit;
\`holdfast keys\` and \`holdfast doctor\` say when a recipient was last tried, or that it never was.

Ends with 1 when the file did not open a recording that is sealed to it, or opened none at all.

Examples:
  holdfast keys check /media/escrow/escrow.txt
  holdfast keys check /media/escrow/escrow.age --sample 200
  holdfast keys check escrow.age --passphrase-file p --json`

const DEFAULT_SAMPLE = 50
const MAX_SAMPLE = 10_000
/** Recordings that are named when something is wrong; the others are counted. */
const MAX_NAMED = 10

interface CheckOptions extends ConfigOption, JsonOption {
  readonly sample: number
  readonly passphraseFile?: string
}

export function addKeysCheck(keys: Command, context: CommandContext): void {
  keys
    .command('check')
    .description('try a backup of an identity on stored recordings')
    .addArgument(new Argument('<file>', 'a file of identities, protected or not'))
    .addOption(new Option('--sample <count>', 'recordings to draw').argParser(parseSample).default(DEFAULT_SAMPLE))
    .option('--passphrase-file <file>', 'take the passphrase from this file')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (file: string, options: CheckOptions) => {
      const result = await tryBackup(loadSettingsDespitePolicy(options.config), file, options)
      context.terminal.out(options.json === true ? JSON.stringify(result, null, 2) : textOf(result))
      if (result.verdict !== 'passed') context.fail()
    })
}

interface BackupResult {
  readonly file: string
  readonly recipients: readonly string[]
  readonly verdict: ReturnType<typeof verdictOf>
  readonly sampled: number
  readonly opened: number
  readonly foreign: number
  readonly failed: readonly { readonly recordingId: string; readonly reason: string | null }[]
  readonly from: Date | null
  readonly to: Date | null
}

async function tryBackup(settings: Settings, file: string, { sample, passphraseFile }: CheckOptions): Promise<BackupResult> {
  const text = await readIdentityFile({ file, passphrase: passphraseFile === undefined ? null : { type: 'file', file: passphraseFile } }, askAtTerminal)
  const ring = await KeyRing.load({ recipients: [], identities: [text] })
  const recipients = await ring.openableRecipients()
  await using store = await openConsoleStore(settings)
  using bar = new ProgressBar('check')
  const tried = await checkBackup({ catalogue: store.keys, blobs: openBlobs(settings).blobs, cipher: new AgeCipher(ring) }, { size: sample, recipients, draw: Math.random, onTried: (done, of) => bar.show(done, of) })
  const count = (outcome: TriedRecording['outcome']): number => tried.filter((each) => each.outcome === outcome).length
  const counts = { sampled: tried.length, opened: count('opened'), foreign: count('foreign'), failed: count('failed') }
  const at = systemClock.now()
  const { type, id } = consoleActor()
  const checks = recipients.map((recipient): KeyCheck => ({ recipient, checkedAt: at, by: `${type}:${id}`, ...counts }))
  await store.keys.keepChecks(checks, checks.map(entryOf))
  return {
    file, recipients, verdict: verdictOf(counts), sampled: counts.sampled, opened: counts.opened, foreign: counts.foreign,
    failed: tried.filter(({ outcome }) => outcome === 'failed').map(({ recordingId, reason }) => ({ recordingId, reason })),
    from: timeOf(tried[0]), to: timeOf(tried.at(-1)),
  }
}

function entryOf(check: KeyCheck): AuditDraft {
  const { recipient, checkedAt, sampled, opened, foreign, failed } = check
  return {
    at: checkedAt, actor: consoleActor(), action: 'keys.changed', object: { type: 'keys', id: recipient }, outcome: verdictOf(check) === 'passed' ? 'ok' : 'failed', reason: null,
    details: { change: 'backup-checked', sampled, opened, foreign, failed }, personal: {},
  }
}

function timeOf(tried: TriedRecording | undefined): Date | null {
  return tried === undefined ? null : recordingIdTime(tried.recordingId)
}

function textOf({ file, recipients, verdict, sampled, opened, foreign, failed, from, to }: BackupResult): string {
  const span = from === null || to === null ? '' : ` from ${from.toISOString()} to ${to.toISOString()}`
  return [
    `${file}: ${recipients.join(', ') || 'no identity'}`,
    sampled === 0 ? 'No recording is stored: there was nothing to try it on.' : `It opens ${opened} of ${counted(sampled, 'recording')} that ${sampled === 1 ? 'was' : 'were'} drawn${span}.`,
    ...(foreign > 0 ? [`${foreign} are sealed to others alone; \`holdfast keys rotate\` would let it open them, too.`] : []),
    ...failed.slice(0, MAX_NAMED).map(({ recordingId, reason }) => `${recordingId} is sealed to it and was not opened: ${reason ?? 'unknown'}`),
    ...(failed.length > MAX_NAMED ? [`… and ${failed.length - MAX_NAMED} more.`] : []),
    verdict === 'passed' ? 'The backup is good.' : sampled === 0 ? 'Nothing is proved: make a recording, and try again.' : 'THIS IS NO BACKUP of what was drawn.',
  ].join('\n')
}

function parseSample(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_SAMPLE) throw new InvalidArgumentError(`A whole number, 1 to ${MAX_SAMPLE}.`)
  return count
}
