import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const HELP = `
Connects to every PBX of the settings, records by their rules, stores, and serves the API, until SIGTERM or SIGINT.
SIGHUP reads the policy file and the file of the retention rules again; one with faults is refused, and its rules of before stay in force.
Calls that are being recorded go on when it ends: the PBX writes on, and the next start takes over.

Examples:
  holdfast serve --config /etc/holdfast/holdfast.yaml
  systemctl start holdfast        the same as a service: docker/holdfast.service`

export function addServe(program: Command, _context: CommandContext): void {
  program
    .command('serve')
    .description('run the service')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(async ({ config }: ConfigOption) => {
      // Loaded when it is needed: other commands answer at once.
      const { serve } = await import('../serve.ts')
      await serve(config)
    })
}
