import type { Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/settings.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const HELP = `
Walks every chain of the audit from its first entry and recomputes its hashes. An entry that was changed, removed or put in
is found; so is everything after it, because each entry's hash covers the one before.

Examples:
  holdfast audit verify
  holdfast audit verify --json`

export function addAudit(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('look at the audit trail')
    .command('verify')
    .description('prove that no audit entry was changed or removed')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, json }: ConfigOption & JsonOption) => {
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const names = await store.audit.chains()
      const chains = []
      for (const chain of names) chains.push({ chain, ...(await store.audit.verify(chain)) })
      context.terminal.out(json === true ? JSON.stringify(chains, null, 2) : chainTable(chains))
      if (chains.some(({ firstBroken }) => firstBroken !== null)) context.fail()
    })
}

function chainTable(chains: readonly { readonly chain: string; readonly checked: number; readonly firstBroken: number | null }[]): string {
  if (chains.length === 0) return 'The audit is empty.'
  return table(['chain', 'entries', 'state'], chains.map(({ chain, checked, firstBroken }) => [chain, String(checked), firstBroken === null ? 'whole' : `broken at entry ${firstBroken}`]))
}
