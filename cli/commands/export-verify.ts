import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { HoldfastError } from '../../core/domain/errors.ts'
import { verifyFile } from '../export/verify-file.ts'
import { unreadable } from '../file-trouble.ts'
import { ProgressBar } from '../progress-bar.ts'
import type { CommandContext } from './command-context.ts'
import { jsonOption, type JsonOption } from './options.ts'

const HELP = `
Compares every file of a package with the signed manifest in it, and the manifest's signature with the public key: the one that
\`holdfast receipt key\` prints on the node that exported. Needs neither the database nor the settings. PACKAGE may also be the
folder in which it was unpacked. A package is good when no file is changed, missing, renamed, added or moved.

Exit codes: 0 good · 1 not as it was signed · 2 the package or the key cannot be read

Examples:
  holdfast receipt key > holdfast-key.pem
  holdfast export verify claim-4711.tar --public-key holdfast-key.pem`

export function addExportVerify(parent: Command, context: CommandContext): void {
  parent
    .command('verify')
    .description('check a package, offline')
    .argument('<package>', 'the .tar, or the folder in which it was unpacked')
    .addOption(new Option('--public-key <file>', 'the key with which it must be signed, in PEM').makeOptionMandatory())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async (path: string, { publicKey, json }: { readonly publicKey: string } & JsonOption) => {
      const pem = await keyOf(publicKey)
      using bar = new ProgressBar('verify')
      const { verdict, faults, files, keyId, manifest } = await verifyFile(path, pem, (done, of) => bar.show(done, of))
      bar[Symbol.dispose]()
      if (json === true) context.terminal.out(JSON.stringify({ verdict, keyId, faults, files: files.map(({ name, state }) => ({ name, state })), reason: manifest?.['reason'] ?? null, exportedBy: manifest?.['exportedBy'] ?? null, madeAt: manifest?.['madeAt'] ?? null }))
      else {
        for (const fault of faults) context.terminal.out(`FAULT   ${fault}`)
        for (const { name, state } of files) if (state !== 'good') context.terminal.out(`FAULT   ${name}: ${state}`)
        const good = files.filter(({ state }) => state === 'good').length
        context.terminal.out(verdict === 'good' ? `good    ${good} files as they were signed with key ${keyId}, ${String(manifest?.['madeAt'])}: ${String(manifest?.['reason'])}` : `NOT as it was signed: ${good} of ${files.length} files are good`)
      }
      if (verdict === 'bad') context.fail()
    })
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
