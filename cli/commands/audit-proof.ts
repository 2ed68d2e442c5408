import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { type CheckpointKey, parseCheckpointKey } from '../../core/domain/audit/checkpoint.ts'
import { faultOfProof, formatProof, parseProof } from '../../core/domain/audit/entry-proof.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import { AttachedVisibility } from '../../core/library/policy/attached-visibility.ts'
import { AuditProofs } from '../../core/library/audit/audit-proofs.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { readPublicKeys } from '../audit/public-keys.ts'
import { consoleOfficer } from '../console-legal.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import { unreadable } from '../file-trouble.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const PROVE_HELP = `
Prints the proof of one entry: the entry, its way up the tree of its chain, and the checkpoint that signs the tree. Who has the public
key can check it on another machine, years later, without the database. A checkpoint must cover the entry: they are signed every few minutes.

Examples:
  holdfast audit prove node-1/4711 > proof.json
  holdfast audit prove 4711 > proof.json          an entry of this node's own chain`

const CHECK_HELP = `
Checks a proof of an audit entry. Needs neither database nor settings: only the public key, which must come from somewhere else than the proof.

Examples:
  holdfast audit check-proof proof.json --public-key /mnt/auditor/audit.pub
  holdfast audit check-proof proof.json --public-key 'holdfast/node-1+1a2b3c4d+AQ…'`

export function addProofs(audit: Command, context: CommandContext): void {
  audit
    .command('prove')
    .description('print the proof of one entry')
    .argument('<entry>', 'CHAIN/SEQUENCE, or the sequence in this node\'s own chain', parsePlace)
    .addOption(configOption())
    .addHelpText('after', PROVE_HELP)
    .action(async ({ chain, sequence }: Place, { config }: ConfigOption) => {
      const settings = loadSettingsDespitePolicy(config)
      await using store = await openConsoleStore(settings)
      const proofs = new AuditProofs({ evidence: store.evidence, audit: new AuditWriter({ audit: store.audit, runtime: consoleRuntime() }), visibility: new AttachedVisibility(() => settings) })
      const place = { chain: chain === null ? settings.node.name : parseNodeName(chain), sequence }
      const proof = await proofs.prove(consoleOfficer(), place)
      if (proof === null) {
        context.terminal.err(`There is no entry ${place.chain}/${sequence}, or no checkpoint covers it yet: the service signs every few minutes, and when it stops.`)
        context.fail()
      } else context.terminal.out(formatProof(proof))
    })
  audit
    .command('check-proof')
    .description('check the proof of an entry, without the database')
    .argument('<file>', 'what `holdfast audit prove` printed')
    .addOption(new Option('--public-key <key>', 'the public key by which the checkpoint must be signed, or a file of such').makeOptionMandatory())
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string, { publicKey }: { readonly publicKey: string }) => {
      const keys = await keysOf(publicKey)
      const proof = parseProof(await textOf(file))
      const fault = faultOfProof(proof, keys)
      if (fault === null) context.terminal.out(proofTable(proof))
      else {
        context.terminal.err(`This proves nothing: ${fault}.`)
        context.fail()
      }
    })
}

interface Place {
  readonly chain: string | null
  readonly sequence: number
}

function parsePlace(text: string): Place {
  const [, chain = null, sequence = ''] = /^(?:([0-9a-z][0-9a-z-]{0,31})\/)?([1-9][0-9]{0,14})$/.exec(text) ?? []
  if (sequence === '') throw new InvalidArgumentError('A chain and a sequence such as node-1/4711, or a sequence alone.')
  return { chain, sequence: Number(sequence) }
}

async function keysOf(given: string): Promise<readonly CheckpointKey[]> {
  return /^[^\s+]+\+[0-9a-f]{8}\+/.test(given) ? [parseCheckpointKey(given)] : await readPublicKeys(given)
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
}

function proofTable({ entry, personal, checkpoint }: ReturnType<typeof parseProof>): string {
  const rows = [
    ['entry', `${entry.chain}/${entry.sequence}`], ['at', new Date(entry.at).toISOString()], ['actor', `${entry.actor_type} ${entry.actor_id}`], ['action', entry.action],
    ['object', `${entry.object_type} ${entry.object_id}`], ['outcome', entry.outcome], ['reason', entry.reason ?? '-'], ['details', entry.details_json],
    ['personal part', personal === null ? (entry.personal_digest === null ? 'none' : 'not in this proof') : personal.personal_json],
    ['signed', `${checkpoint.at.toISOString()} by ${checkpoint.keyName}+${checkpoint.keyId}, as one of ${checkpoint.sequence} entries`],
  ]
  return ['Proved: this entry stands in the chain as it was signed.', table(['', ''], rows)].join('\n')
}
