import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { type FreeSwitchPlan, logFile } from './freeswitch-files.ts'
import type { FreeSwitchInstallation } from './freeswitch-installation.ts'
import { PbxProcess } from './pbx-process.ts'
import { runCommand } from './run-command.ts'

/** Console commands answer at once, except under full load. */
const CLI_DEADLINE_MS = 10_000
/** What the console may take to log in. Source: `fs_cli --help`, `-t, --timeout` in milliseconds */
const LOGIN_MS = 2000

/** The operating-system process of one FreeSWITCH, and its console. */
export class FreeSwitchProcess extends PbxProcess {
  readonly #ask: (command: string) => ReturnType<typeof runCommand>

  constructor(installation: FreeSwitchInstallation, plan: FreeSwitchPlan) {
    const { conf, log, run, db, recordings } = plan.directories
    const ask = (command: string): ReturnType<typeof runCommand> => runCommand(
      [installation.console, '-H', '127.0.0.1', '-P', String(plan.ports.eventSocket), '-p', plan.password, '-t', String(LOGIN_MS), '-x', command], { timeoutMs: CLI_DEADLINE_MS })
    super({
      name: 'FreeSWITCH',
      // All directories have to be given together, or none is taken.
      command: [installation.program, '-nf', '-nonat', '-nonatmap', '-nocal', '-conf', conf, '-log', log, '-run', run, '-db', db, '-temp', run, '-recordings', recordings, '-storage', db],
      mark: `-conf ${conf}`,
      ownerFile: path.join(path.dirname(conf), 'owner.json'),
      consoleFile: path.join(log, 'console.log'),
      logFiles: [logFile(plan.directories)],
      hasBooted: async () => {
        const { succeeded, stdout } = await ask('status')
        return succeeded && stdout.includes('is ready')
      },
    })
    this.#ask = ask
  }

  async cli(command: string): Promise<string> {
    const result = await this.#ask(command)
    if (!result.succeeded) throw new HoldfastError('LAB_FAILED', `the FreeSWITCH console does not answer: ${result.stderr.trim()}`)
    return result.stdout
  }
}
