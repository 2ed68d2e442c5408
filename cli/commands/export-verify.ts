import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { formatCheckpointKey } from '../../core/domain/audit/checkpoint.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { VerifiedPackage } from '../../core/library/export/package-verify.ts'
import { readAuditKeys } from '../../core/library/export/proof-line.ts'
import { readPublicKeys } from '../audit/public-keys.ts'
import { verifyFile } from '../export/verify-file.ts'
import { unreadable } from '../file-trouble.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { jsonOption, type JsonOption } from './options.ts'

const HELP = `
Compares every file of a package with the signed manifest in it, and the manifest's signature with the public key: the one that
\`holdfast receipt key\` prints on the node that exported. Needs neither the database nor the settings. PACKAGE may also be the
folder in which it was unpacked. A package is good when no file is changed, missing, renamed, added or moved.

The proofs of the audit in it are verified line by line. With --audit-key, the public key that \`holdfast audit key\` prints on the node
that recorded (several nodes: one line for each), an entry is proved when the checkpoint that covers it is signed by that key. Without it
entries only fit their hashes. Entries newer than the last checkpoint are unproved; that alone does not make a package bad.

Exit codes: 0 good · 1 not as it was signed · 2 the package or the key cannot be read

Examples:
  holdfast receipt key > holdfast-key.pem
  holdfast export verify claim-4711.tar --public-key holdfast-key.pem
  holdfast export verify claim-4711.tar --public-key holdfast-key.pem --audit-key /mnt/auditor/audit.pub`

export function addExportVerify(parent: Command, context: CommandContext): void {
  parent
    .command('verify')
    .description('check a package, offline')
    .argument('<package>', 'the .tar, or the folder in which it was unpacked')
    .addOption(new Option('--public-key <file>', 'the key with which it must be signed, in PEM').makeOptionMandatory())
    .addOption(new Option('--audit-key <file>', 'the public keys by which checkpoints of the audit must be signed, one a line'))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (path: string, { publicKey, auditKey, json }: { readonly publicKey: string; readonly auditKey?: string } & JsonOption) => {
      const trustedKeyPem = await keyOf(publicKey)
      const auditKeys = auditKey === undefined ? null : await readAuditKeys((await readPublicKeys(auditKey)).map(formatCheckpointKey).join('\n'))
      using bar = new ProgressBar('verify')
      const result = await verifyFile(path, { trustedKeyPem, auditKeys }, (done, of) => bar.show(done, of))
      bar[Symbol.dispose]()
      for (const line of json === true ? [jsonOf(result)] : linesOf(result)) context.terminal.out(line)
      if (result.verdict === 'bad') context.fail()
    })
}

function jsonOf({ verdict, keyId, faults, files, manifest, proofs }: VerifiedPackage): string {
  return JSON.stringify({ verdict, keyId, faults, files: files.map(({ name, state }) => ({ name, state })), proofs, reason: manifest?.['reason'] ?? null, exportedBy: manifest?.['exportedBy'] ?? null, madeAt: manifest?.['madeAt'] ?? null })
}

function linesOf({ verdict, keyId, faults, files, manifest, proofs }: VerifiedPackage): readonly string[] {
  const good = files.filter(({ state }) => state === 'good').length
  return [
    ...faults.map((fault) => `FAULT   ${fault}`),
    ...files.filter(({ state }) => state !== 'good').map(({ name, state }) => `FAULT   ${name}: ${state}`),
    ...proofs.faults.map((fault) => `FAULT   ${fault}`),
    ...proofs.notes.map((note) => `note    ${note}`),
    `audit   ${proofs.entries} entries: ${proofs.proved} proved by a signed checkpoint, ${proofs.consistent} fit their hashes only, ${proofs.unproved} unproved`,
    verdict === 'good' ? `good    ${good} files as they were signed with key ${keyId}, ${String(manifest?.['madeAt'])}: ${String(manifest?.['reason'])}` : `NOT as it was signed: ${good} of ${files.length} files are good`,
  ]
}

async function keyOf(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    if (/-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----/.test(text)) return text
  } catch (cause) {
    throw unreadable(file, cause)
  }
  throw new HoldfastError('CONFIG_INVALID', `${file} is no public key in PEM`, { file })
}
