import { type Command, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { formatCheckpointKey, type SignedCheckpoint } from '../../core/domain/audit/checkpoint.ts'
import { openCheckpointSigner } from '../audit/checkpoint-key-file.ts'
import { readCheckpoints } from '../audit/checkpoint-file.ts'
import { keptCheckpoints } from '../audit/kept-checkpoints.ts'
import { publicKeyFileOf, readPublicKeys } from '../audit/public-keys.ts'
import { type VerifiedChain, verifiedJson, verifiedTable, verifyAudit } from '../audit/verify-audit.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { refuseForeignRoot } from '../data-owner.ts'
import { addExport } from './audit-export.ts'
import { addProofs } from './audit-proof.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './options.ts'

const VERIFY_HELP = `
Walks every chain of the audit from its first entry and recomputes its hashes: the first entry that was altered, removed, put in or
moved is told. A chain whose end was cut off, or that was written anew from some entry on, fits itself: that is found with checkpoints
that were kept elsewhere (docs/audit.md). Without them those in the database are used, which an intruder may have removed, too.

Examples:
  holdfast audit verify
  holdfast audit verify --checkpoints /mnt/auditor/checkpoints.jsonl --public-key /mnt/auditor/audit.pub
  holdfast audit verify --json`

const KEY_HELP = `
Prints the public half of the key that signs this node's checkpoints; makes the key where there is none. Keep what it prints where
nobody who administers this machine can change it: whoever verifies needs it.

Examples:
  holdfast audit key > /mnt/auditor/audit.pub`

export function addAudit(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('look at the audit trail')
  addVerify(audit, context)
  addProofs(audit, context)
  addExport(audit, context)
  audit
    .command('key')
    .description('print the public key by which checkpoints are verified')
    .addOption(configOption())
    .addHelpText('after', KEY_HELP)
    .action(async ({ config }: ConfigOption) => {
      const settings = loadSettingsDespitePolicy(config)
      refuseForeignRoot(settings.dataDirectory)
      context.terminal.out(formatCheckpointKey((await openCheckpointSigner(settings)).signer.publicKey))
    })
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
    .action(async ({ config, json, ...given }: VerifyCommandOptions) => {
      const settings = loadSettingsDespitePolicy(config)
      await using store = await openConsoleStore(settings)
      const { good, faults } = await signedOf(settings, store, given)
      const chains = await verifyAudit(store.audit, good)
      context.terminal.out(json === true ? JSON.stringify(verifiedJson(chains), null, 2) : verifiedTable(chains))
      for (const fault of faults) context.terminal.err(fault)
      await tellVerified(store, chains, { badCheckpoints: faults.length, terminal: context.terminal })
      if (chains.some(({ fault }) => fault !== null) || faults.length > 0) context.fail()
    })
}

/** That somebody looked stands in the audit, as far as a chain that was altered can be written still. */
async function tellVerified({ audit }: ConsoleStore, chains: readonly VerifiedChain[], { badCheckpoints, terminal }: { readonly badCheckpoints: number; readonly terminal: CommandContext['terminal'] }): Promise<void> {
  try {
    for (const { chain, checked, fault, compared } of chains) {
      await audit.append({
        at: systemClock.now(),
        actor: consoleActor(),
        action: 'audit.verified',
        object: { type: 'audit', id: chain },
        outcome: fault === null ? 'ok' : 'failed',
        reason: fault?.kind ?? null,
        details: { checked, firstBroken: fault?.sequence ?? null, checkpoints: compared, badCheckpoints },
        personal: {},
      })
    }
  } catch (error) {
    if (!isHoldfastError(error, 'AUDIT_UNAVAILABLE')) throw error
    terminal.err('That this was verified could not be written into the audit.')
  }
}

/** What the chains are compared with, and what is wrong with that. */
async function signedOf(settings: Settings, store: ConsoleStore, { checkpoints: file, publicKey }: Pick<VerifyCommandOptions, 'checkpoints' | 'publicKey'>): Promise<{ readonly good: readonly SignedCheckpoint[]; readonly faults: readonly string[] }> {
  const keyFile = publicKey ?? publicKeyFileOf(settings)
  if (file === undefined) {
    // A node that never signed has no key.
    const keys = publicKey === undefined ? await readPublicKeys(keyFile).catch(() => []) : await readPublicKeys(keyFile)
    const { good, foreign } = await keptCheckpoints(store.evidence, await store.audit.chains(), keys)
    return { good, faults: foreign.map(({ chain, sequence, keyName, keyId }) => `The database holds a checkpoint of ${chain}, entry ${sequence}, that is not signed by a key in ${keyFile}: it names ${keyName}+${keyId}.`) }
  }
  const { good, bad } = await readCheckpoints(file, await readPublicKeys(keyFile))
  const none = good.length === 0 ? [`${file}: no checkpoint in it, so the ends of the chains are not proved.`] : []
  return { good, faults: [...bad.map(({ line, why }) => `${file}, line ${line}: ${why}.`), ...none] }
}
