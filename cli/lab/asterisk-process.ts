import { rm } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AsteriskDirectories } from './asterisk-files.ts'
import { PbxProcess } from './pbx-process.ts'
import { runCommand, type CommandLine } from './run-command.ts'

/** Console commands answer at once, except under full load. */
const CLI_DEADLINE_MS = 10_000

/** The operating-system process of one Asterisk, and its console. */
export class AsteriskProcess extends PbxProcess {
  readonly #command: CommandLine
  readonly #directories: AsteriskDirectories

  constructor(installed: CommandLine, directories: AsteriskDirectories) {
    const settings = path.join(directories.etc, 'asterisk.conf')
    const command: CommandLine = [...installed, '-C', settings]
    super({
      name: 'Asterisk',
      command: [...command, '-f', '-n'],
      mark: settings,
      ownerFile: path.join(path.dirname(directories.etc), 'owner.json'),
      consoleFile: path.join(directories.log, 'console.log'),
      logFiles: [path.join(directories.log, 'messages.log')],
      // The control socket is made early in the boot: until then the command fails.
      hasBooted: async () => {
        const { succeeded, stdout } = await runCommand([...command, '-rx', 'core waitfullybooted'], { timeoutMs: CLI_DEADLINE_MS })
        return succeeded && stdout.includes('fully booted')
      },
      remove: null,
    })
    this.#command = command
    this.#directories = directories
  }

  override async cli(command: string): Promise<string> {
    const result = await runCommand([...this.#command, '-rx', command], { timeoutMs: CLI_DEADLINE_MS })
    if (!result.succeeded) throw new HoldfastError('LAB_FAILED', `the Asterisk console does not answer: ${result.stderr.trim()}`)
    return result.stdout
  }

  /** The directory of sockets may be outside the laboratory's own (long names): nobody else removes it. */
  removeRunDirectory(): Promise<void> {
    return rm(this.#directories.run, { recursive: true, force: true })
  }
}
