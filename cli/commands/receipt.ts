import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { verifiedBy } from '../../core/crypto/ed25519-signer.ts'
import { readStatement, statementBytes } from '../../core/domain/signed-statement.ts'
import { ERASURE_RECEIPT } from '../../core/library/legal/subject-erasure.ts'
import { DELETION_RECEIPT } from '../../core/retention/deletion-receipt.ts'
import { unreadable } from '../file-trouble.ts'
import { receiptSigner } from '../open-destroyer.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const VERIFY_HELP = `
Checks receipts of destroyed recordings: one JSON document in the file, or one in each line. Needs neither the database nor the
settings. With --key every receipt must be signed with that key; without, with the key that it brings along itself, which shows
only that it was not changed since. \`holdfast receipt key\` prints the key: keep a copy where the receipts are read.

Examples:
  holdfast receipt key > receipts-verify.pem
  holdfast receipt verify receipts.jsonl --key receipts-verify.pem`

export function addReceipt(program: Command, context: CommandContext): void {
  const receipt = program.command('receipt').description('signed receipts of destroyed recordings')
  receipt
    .command('verify')
    .description('check the signatures of receipts, offline')
    .argument('<file>', 'what `recording delete` printed, or the API gave')
    .option('--key <file>', 'the verification key, as `receipt key` printed it')
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, { key }: { readonly key?: string }) => {
      const keyPem = key === undefined ? null : await textOf(key)
      const documents = documentsIn(await textOf(file))
      const told = documents.map((document) => checked(document, keyPem))
      for (const [index, { fault, says }] of told.entries()) context.terminal.out(fault === null ? `good   ${says}` : `BROKEN receipt ${index + 1}: ${fault}`)
      if (keyPem === null) context.terminal.err('Checked with the keys that the receipts bring along: --key says whose they have to be.')
      if (told.length === 0 || told.some(({ fault }) => fault !== null)) context.fail()
    })
  receipt
    .command('key')
    .description('print the key with which receipts of this installation are verified')
    .addOption(configOption())
    .addHelpText('after', VERIFY_HELP)
    .action(async ({ config }: ConfigOption) => {
      const signer = await receiptSigner(loadSettingsDespitePolicy(config).dataDirectory)
      context.terminal.out(signer.verificationKeyPem.trimEnd())
      context.terminal.err(`Key ${signer.keyId}`)
    })
}

function documentsIn(text: string): readonly string[] {
  return readStatement(text) === null ? text.split('\n').filter((line) => line.trim() !== '') : [text]
}

function checked(document: string, keyPem: string | null): { readonly fault: string | null; readonly says: string } {
  const read = readStatement(document)
  const kind = KINDS.find((known) => known === read?.receipt['kind'])
  if (read === null || kind === undefined) return { fault: 'this is no receipt', says: '' }
  const { fits, keyId } = verifiedBy(keyPem ?? read.verificationKey, statementBytes(kind, read.receipt), read.signature)
  if (!fits) return { fault: keyPem === null || keyId === read.keyId ? 'it was changed after it was signed' : `it is signed with key ${read.keyId}, and not with ${keyId}`, says: '' }
  return { fault: null, says: `${SENTENCES[kind](read.receipt)} (key ${keyId})` }
}

const KINDS = [DELETION_RECEIPT, ERASURE_RECEIPT] as const

/** What a receipt says that was verified. */
const SENTENCES: Readonly<Record<(typeof KINDS)[number], (receipt: Readonly<Record<string, unknown>>) => string>> = {
  [DELETION_RECEIPT]: (receipt) => `${word(receipt, 'recordingId')} destroyed ${word(receipt, 'destroyedAt')} on ${word(receipt, 'installation')}: ${word(receipt, 'cause')}${receipt['rule'] === null ? '' : ` (${word(receipt, 'rule')})`}, ${word(receipt, 'reason')}`,
  [ERASURE_RECEIPT]: (receipt) => `a person's data erased ${word(receipt, 'at')} on ${word(receipt, 'installation')}: ${count(receipt, 'destroyed')} destroyed, ${count(receipt, 'prevented')} prevented, ${word(receipt, 'reason')}`,
}

function word(receipt: Readonly<Record<string, unknown>>, name: string): string {
  const value = receipt[name]
  return typeof value === 'string' ? value : '?'
}

function count(receipt: Readonly<Record<string, unknown>>, name: string): string {
  const list = receipt[name]
  return Array.isArray(list) ? String(list.length) : '?'
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}
