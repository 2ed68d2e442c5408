import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { AgeCipher } from '../../core/crypto/age-cipher.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { KeyRotation, type RotationPlan, type RotationReport } from '../../core/library/keys/key-rotation.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { openKeyRing } from '../keys/open-keys.ts'
import { openBlobs } from '../open-blobs.ts'
import { ProgressBar } from '../progress-bar.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Gives every stored recording a header for the recipients that the settings name now: new ones are let in, retired ones and those that
are named no more are left out. No sound is read but its end, and none is written: a recording costs some milliseconds of a processor and
a few durable writes, however long it is. The service may run, and recordings may be heard meanwhile. It can be ended at any time (Ctrl-C, a power cut): the next run goes on.

It needs an identity that opens the recordings. What none here opens stays as it is, and is told. It cannot take a key back from
whoever has copied an old header, and the identity with it: docs/keys.md.

Ends with 1 when a recording was left as it is.

Examples:
  holdfast keys rotate --dry-run           what would be done
  holdfast keys rotate
  holdfast keys rotate --per-second 20     at night, beside a full house`

/** Headers are opened and made for each: 17 ms of one processor (measured, two recipients). A guess at what nobody notices; a slow disk allows fewer. */
const DEFAULT_PER_SECOND = 100

interface RotateOptions extends ConfigOption, JsonOption {
  readonly dryRun?: true
  readonly perSecond: number
}

export function addKeysRotate(keys: Command, context: CommandContext): void {
  keys
    .command('rotate')
    .description('seal everything that is stored to the present recipients')
    .option('-n, --dry-run', 'say what would be done, and do nothing')
    .addOption(new Option('--per-second <count>', 'no more recordings in a second').argParser(parseRate).default(DEFAULT_PER_SECOND))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (options: RotateOptions) => {
      const settings = loadSettingsDespitePolicy(options.config)
      const keyRing = await openKeyRing(settings)
      await using store = await openConsoleStore(settings)
      const rotation = new KeyRotation({
        catalogue: store.keys, jobs: store.jobs, blobs: openBlobs(settings).blobs, cipher: new AgeCipher(keyRing), clock: systemClock,
        recipients: keyRing.recipients, openable: await keyRing.openableRecipients(), owner: `console-${randomUUID()}`,
      })
      const plan = await rotation.plan()
      const { terminal } = context
      if (options.dryRun === true) return terminal.out(options.json === true ? JSON.stringify(plan, null, 2) : planText(plan))
      if (options.json !== true) terminal.err(planText(plan))
      const report = await rotated({ rotation, plan, store, perSecond: options.perSecond, recipients: keyRing.recipients })
      terminal.out(options.json === true ? JSON.stringify({ ...report, unopened: counted(plan.unopened) }, null, 2) : reportText(report))
      if (report.failed > 0 || report.left > 0 || plan.unopened.length > 0) context.fail()
    })
}

interface Rotating {
  readonly rotation: KeyRotation
  readonly plan: RotationPlan
  readonly store: ConsoleStore
  readonly perSecond: number
  readonly recipients: readonly string[]
}

/** The audit knows of it before the first header changes, and how it ended. */
async function rotated({ rotation, plan, store, perSecond, recipients }: Rotating): Promise<RotationReport> {
  const facts = { toRotate: counted(plan.toRotate), unopened: counted(plan.unopened), queued: plan.queued, recipients: recipients.join(',') }
  await store.audit.append(entry('rotation-begun', 'ok', facts))
  const interrupted = new AbortController()
  const end = (): void => interrupted.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  using bar = new ProgressBar('rotate')
  try {
    const report = await rotation.run(plan, { perSecond, signal: interrupted.signal, onProgress: (done, left) => bar.show(done, done + left) })
    const { rotated: done, asWanted, gone, failed, left } = report
    await store.audit.append(entry('rotation-ended', failed > 0 ? 'failed' : 'ok', { rotated: done, asWanted, gone, failed, left }))
    return report
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end)
  }
}

function entry(change: string, outcome: 'ok' | 'failed', details: AuditDraft['details']): AuditDraft {
  return { at: systemClock.now(), actor: consoleActor(), action: 'keys.changed', object: { type: 'keys', id: 'rotation' }, outcome, reason: null, details: { change, ...details }, personal: {} }
}

function counted(sets: RotationPlan['toRotate']): number {
  return sets.reduce((sum, { recordings }) => sum + recordings, 0)
}

function planText({ toRotate, unopened, asWanted, queued }: RotationPlan): string {
  return [
    `${counted(toRotate)} recordings are sealed to other recipients than the settings name; ${asWanted} are as they should be.`,
    ...toRotate.map(({ recipients, recordings }) => `  ${recordings} sealed to ${recipients.join(', ')}`),
    ...(queued > 0 ? [`${queued} are left from a run before.`] : []),
    ...unopened.map(({ recipients, recordings }) => `${recordings} stay as they are, for no identity here opens them: they are sealed to ${recipients.join(', ')}`),
  ].join('\n')
}

function reportText({ rotated: done, asWanted, gone, failed, failures, left }: RotationReport): string {
  return [
    `${done === 1 ? '1 recording was' : `${done} recordings were`} rotated.`,
    ...(asWanted > 0 ? [`${asWanted} had been rotated before; what an earlier run had left was cleared.`] : []),
    ...(gone > 0 ? [`${gone} were destroyed meanwhile.`] : []),
    ...failures.map(({ recordingId, reason }) => `${recordingId} is as it was: ${reason}`),
    ...(failed > failures.length ? [`… and ${failed - failures.length} more.`] : []),
    ...(left > 0 ? [`${left} are left: run it again.`] : []),
  ].join('\n')
}

function parseRate(text: string): number {
  const rate = Number(text)
  if (!Number.isSafeInteger(rate) || rate < 1 || rate > 100_000) throw new InvalidArgumentError('A whole number, 1 to 100000.')
  return rate
}
