import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from '../../core/domain/audit-entry.ts'
import { AttachedVisibility } from '../../core/library/policy/attached-visibility.ts'
import { AUDIT_FORMATS, AuditExport, type AuditFormat } from '../../core/library/audit/audit-export.ts'
import { AuditTrail } from '../../core/library/audit/audit-trail.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { consoleOfficer } from '../console-legal.ts'
import { openConsoleStore } from '../console-store.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'
import { writeNewFile } from '../write-new-file.ts'
import type { CommandContext } from './command-context.ts'
import { collected, type ConfigOption, configOption } from './options.ts'

const HELP = `
Writes entries of the audit to a new file that only its owner can read, oldest first, as JSON lines or CSV. What was taken, and by whom,
stands in the audit. Over HTTP the same is \`GET /audit/export\` (docs/audit.md).

Examples:
  holdfast audit export --out 2026.jsonl --from 2026-01-01T00:00Z --to 2027-01-01T00:00Z
  holdfast audit export --out listened.csv --format csv --action playback.begun --action playback.ended --customer C-4711`

interface ExportOptions extends ConfigOption {
  readonly out: string
  readonly format: AuditFormat
  readonly from?: Date
  readonly to?: Date
  readonly action: readonly AuditAction[]
  readonly outcome?: AuditOutcome
  readonly object?: string
  readonly actor?: string
  readonly recording?: string
  readonly interaction?: string
  readonly customer?: string
  readonly number?: string
  readonly address?: string
}

export function addExport(audit: Command, context: CommandContext): void {
  const none: readonly AuditAction[] = []
  audit
    .command('export')
    .description('write entries to a file')
    .addOption(configOption())
    .addOption(new Option('-o, --out <file>', 'the file, which must not be there yet').makeOptionMandatory())
    .addOption(new Option('--format <format>', 'how').choices(AUDIT_FORMATS).default('jsonl'))
    .addOption(new Option('--from <time>', 'at this time or later, such as 2026-03-01T00:00Z').argParser(parseTime))
    .addOption(new Option('--to <time>', 'before this time').argParser(parseTime))
    .addOption(new Option('--action <action>', 'of this kind; may come more than once').argParser(collected(parseAction)).default(none, 'all'))
    .addOption(new Option('--outcome <outcome>', 'that ended so').choices(AUDIT_OUTCOMES))
    .option('--object <id>', 'about this object')
    .option('--actor <id>', 'by this actor')
    .option('--recording <id>', 'about this recording')
    .option('--interaction <id>', 'about this interaction')
    .option('--customer <id>', 'about this customer')
    .option('--number <number>', 'about calls with this number')
    .option('--address <address>', 'by somebody at this address')
    .addHelpText('after', HELP)
    .action(async ({ config, out, format, ...asked }: ExportOptions) => {
      const settings = loadSettingsDespitePolicy(config)
      await using store = await openConsoleStore(settings)
      const keys = { customerId: settings.audit.customerIdKey, interactionType: settings.audit.interactionTypeKey }
      const writer = new AuditWriter({ audit: store.audit, runtime: consoleRuntime() })
      const visibility = new AttachedVisibility(() => settings)
      const trail = new AuditTrail({ log: store.audit, audit: writer, visibility, keys })
      const pieces = new AuditExport({ log: store.audit, audit: writer, trail, visibility, keys }).export(consoleOfficer(), {
        from: asked.from ?? null, to: asked.to ?? null, action: null, actions: asked.action.length === 0 ? null : asked.action, outcome: asked.outcome ?? null,
        objectId: asked.object ?? null, actorId: asked.actor ?? null, recordingId: asked.recording ?? null, interactionId: asked.interaction ?? null,
        customerId: asked.customer ?? null, number: asked.number ?? null, address: asked.address ?? null,
      }, format)
      await writeNewFile(pieces, out)
      context.terminal.err(`Written to ${out} (readable by its owner only).`)
    })
}

function parseAction(text: string): AuditAction {
  const action = AUDIT_ACTIONS.find((known) => known === text)
  if (action === undefined) throw new InvalidArgumentError(`One of ${AUDIT_ACTIONS.join(', ')}.`)
  return action
}

function parseTime(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('A day, or a time with its offset: 2026-03-01, 2026-03-01T09:30Z.')
  return at
}
