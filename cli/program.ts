import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addAudit } from './commands/audit.ts'
import type { CommandContext } from './commands/command-context.ts'
import { addCoverage } from './commands/coverage.ts'
import { addConfig } from './commands/config.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExports } from './commands/export.ts'
import { addHold } from './commands/hold.ts'
import { addIngest } from './commands/ingest.ts'
import { addKeys } from './commands/keys.ts'
import { addOrg } from './commands/org.ts'
import { addPbxConfig } from './commands/pbx-config.ts'
import { addPolicy } from './commands/policy.ts'
import { addQuarantine } from './commands/quarantine.ts'
import { addRole } from './commands/role.ts'
import { addArchive } from './commands/archive.ts'
import { addReceipt } from './commands/receipt.ts'
import { addRecording } from './commands/recording.ts'
import { addRetention } from './commands/retention.ts'
import { addReport } from './commands/report.ts'
import { addServe } from './commands/serve.ts'
import { addSubject } from './commands/subject.ts'
import { addToken } from './commands/token.ts'
import { addUser } from './commands/user.ts'
import { errorLines, EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import { guarded, type Terminal } from './terminal.ts'

const EPILOGUE = `
Exit codes: 0 done · 1 it did not work, or a fault was found · 2 the command line or the settings are wrong

Settings are read from --config, else $HOLDFAST_CONFIG, else /etc/holdfast/holdfast.yaml (docs/settings.md).`

/** Runs one command line; never throws. */
export async function run(words: readonly string[], { terminal: given }: { readonly terminal: Terminal }): Promise<ExitCode> {
  const terminal = guarded(given)
  let exitCode: ExitCode = EXIT.ok
  const context: CommandContext = { terminal, fail: () => (exitCode = EXIT.failure) }
  try {
    await program(context).parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version end in this way, too; commander has told what is wrong already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    for (const line of errorLines(error)) terminal.err(line)
    return exitCodeOf(error)
  }
}

function program(context: CommandContext): Command {
  const root = new Command('holdfast')
    .description('Interaction recording for the PBX that you already run.')
    .version(manifest.version)
    .helpCommand(false)
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for what is possible.')
    .addHelpText('after', EPILOGUE)
  for (const add of [addServe, addConfig, addDoctor, addKeys, addToken, addUser, addRole, addOrg, addPbxConfig, addPolicy, addAudit, addCoverage, addReport, addIngest, addQuarantine, addExports, addHold, addRecording, addReceipt, addArchive, addSubject, addRetention]) add(root, context)
  settle(root, context.terminal)
  return root
}

/** The same manners for every command below. */
function settle(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
  command.showSuggestionAfterError().showHelpAfterError('Add --help for what is possible.')
  for (const below of command.commands) settle(below, terminal)
}
