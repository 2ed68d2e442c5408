import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/settings.ts'
import { readCheckpoints } from '../audit/checkpoint-file.ts'
import { publicKeyFileOf, readPublicKeys } from '../audit/public-keys.ts'
import { verifiedJson, verifiedTable, verifyAudit } from '../audit/verify-audit.ts'
import { openConsoleStore } from '../console-store.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const VERIFY_HELP = `
Walks every chain of the audit from its first entry and recomputes its hashes: the first entry that was altered, removed, put in or
moved is told. A chain whose end was cut off, or that was written anew from some entry on, fits itself: that is found with checkpoints
that were kept elsewhere (docs/audit.md).

Examples:
  holdfast audit verify
  holdfast audit verify --checkpoints /mnt/auditor/checkpoints.jsonl --public-key /mnt/auditor/audit.pub
  holdfast audit verify --json`

export function addAudit(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('look at the audit trail')
  addVerify(audit, context)
}

interface VerifyCommandOptions extends ConfigOption, JsonOption {
  readonly checkpoints?: string
  readonly publicKey?: string
}

function addVerify(audit: Command, context: CommandContext): void {
  audit
    .command('verify')
    .description('prove that no audit entry was changed or removed')
    .addOption(configOption())
    .addOption(new Option('--checkpoints <file>', 'signed checkpoints that were kept elsewhere'))
    .addOption(new Option('--public-key <file>', 'public keys by which they must be signed, one a line; else the node\'s own'))
    .addOption(jsonOption())
    .addHelpText('after', VERIFY_HELP)
    .action(async ({ config, json, checkpoints, publicKey }: VerifyCommandOptions) => {
      const settings = loadSettingsDespitePolicy(config)
      const read = checkpoints === undefined ? null : await readCheckpoints(checkpoints, await readPublicKeys(publicKey ?? publicKeyFileOf(settings)))
      await using store = await openConsoleStore(settings)
      const chains = await verifyAudit(store.audit, read?.good ?? [])
      const bad = read?.bad ?? []
      context.terminal.out(json === true ? JSON.stringify(verifiedJson(chains), null, 2) : verifiedTable(chains))
      for (const { line, why } of bad) context.terminal.err(`${checkpoints ?? ''}, line ${line}: ${why}.`)
      if (read !== null && read.good.length === 0) context.terminal.err(`${checkpoints ?? ''}: no checkpoint in it, so the ends of the chains are not proved.`)
      if (chains.some(({ fault }) => fault !== null) || bad.length > 0 || read?.good.length === 0) context.fail()
    })
}
