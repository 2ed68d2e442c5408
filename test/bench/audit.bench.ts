import { hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../core/crypto/checkpoint-signer.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import { AuditCheckpoints } from '../../core/library/audit/audit-checkpoints.ts'
import { entryPath } from '../../core/library/audit/entry-path.ts'
import { AuditChain } from '../../core/store/sql/audit-chain.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import { catalogueIn, type ProvableCatalogue } from '../../core/store/catalogue.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { type Bench, type BenchForm, median, ratio, timed } from './bench.ts'

const FORMS: Readonly<Record<BenchForm, { readonly appends: number; readonly rows: number; readonly proofs: number }>> = { full: { appends: 1500, rows: 1_000_000, proofs: 200 }, quick: { appends: 20, rows: 3000, proofs: 3 } }
const NODE = parseNodeName('bench')
/** Entries of one transaction while the chain is filled. */
const PER_TRANSACTION = 2000
const TOGETHER = 8

interface Site {
  readonly folder: string
  readonly database: SqlDatabase
  readonly catalogue: ProvableCatalogue
}

/** How fast the audit is written beside a bare append that waits for the disk, and how fast a long chain is verified beside SHA-256 over the same bytes. */
export const bench: Bench = async (folder, form, asked) => {
  const { appends, proofs, rows } = { ...FORMS[form], ...asked }
  const database = await openSqliteDatabase({ file: join(folder, 'catalogue.db'), schema: 'catalogue', readers: 'own' })
  try {
    const site: Site = { folder, database, catalogue: catalogueIn(database, { node: NODE, runtime: quietRuntime() }) }
    const writing = await writingRows(site, appends)
    const filledMs = await timed(() => fill(site, rows - 3 * appends))
    const reading = await readingRows(site, { proofs })
    return {
      title: `The audit: ${rows} entries`,
      columns: ['', 'entries', 'entries/s', 'ms each', 'to the first of its kind'],
      rows: [...writing, ...reading],
      notes: [
        'Appends one after another, and the ways up the tree: medians; all else: time by entries. A bare append writes the same text to a file and waits for the disk. An entry of the audit is a transaction: entry, personal part, words by which it is found, and the end of the chain.',
        `An entry here tells of a recording with two numbers, a customer and an address. The chain was filled with ${PER_TRANSACTION} entries a transaction, ${Math.round((rows - 3 * appends) / filledMs * 1000)} a second.`,
        'SHA-256 hashes what verification hashes: each entry with the hash before it, and each personal part with its salt. Verification reads them from SQLite besides, and "signed" compares them with a checkpoint, for which it builds the Merkle tree.',
        `The process had ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most, with all of this in it.`,
      ],
    }
  } finally {
    await database.close()
  }
}

type Rows = readonly (readonly (string | number)[])[]

async function writingRows({ folder, catalogue: { audit } }: Site, appends: number): Promise<Rows> {
  await using bare = await open(join(folder, 'bare.log'), 'a')
  const [bareMs, aloneMs]: [number[], number[]] = [[], []]
  // Turn by turn: what else the machine does meanwhile meets both.
  for (let index = 0; index < appends; index += 1) {
    bareMs.push(await timed(async () => {
      await bare.write(`${JSON.stringify(draft(index))}\n`)
      await bare.sync()
    }))
    aloneMs.push(await timed(() => audit.append(draft(index))))
  }
  const count = appends / 4
  const togetherMs = await timed(() => Promise.all(Array.from({ length: TOGETHER }, async () => {
    for (let index = 0; index < count; index += 1) await audit.append(draft(index))
  })))
  const row = (name: string, entries: number, eachMs: number): readonly (string | number)[] => [name, entries, Math.round(1000 / eachMs), eachMs.toFixed(2), ratio(median(bareMs), eachMs)]
  return [
    row('bare append, fsync each', appends, median(bareMs)), row('audit append, one after another', appends, median(aloneMs)),
    row(`audit append, ${TOGETHER} at once`, TOGETHER * count, togetherMs / (TOGETHER * count)),
  ]
}

async function readingRows({ catalogue }: Site, { proofs }: { readonly proofs: number }): Promise<Rows> {
  const { audit, evidence } = catalogue
  const signer = new Ed25519CheckpointSigner(NODE, newCheckpointKey())
  const checkpoints = new AuditCheckpoints({ chain: NODE, log: audit, evidence, signer, outlets: [], everyEntries: 1, everyMs: 1000, runtime: quietRuntime() })
  const firstMs = await timed(() => checkpoints.look())
  await Promise.all(Array.from({ length: 10 }, (_, index) => audit.append(draft(index))))
  const nextMs = await timed(() => checkpoints.look())
  const size = (await evidence.last(NODE))?.sequence ?? 0
  const hashedMs = await timed(() => hashSamples(evidence, size))
  const verifiedMs = await timed(async () => expectWhole(await audit.verify(NODE)))
  const last = await evidence.last(NODE)
  const signedMs = await timed(async () => expectWhole(await audit.verify(NODE, { signed: last === null ? [] : [last] })))
  const proofMs: number[] = []
  for (let index = 0; index < proofs; index += 1) proofMs.push(await timed(() => entryPath(evidence, NODE, { sequence: 1 + Math.floor(index * size / proofs), size })))
  const row = (name: string, entries: number, ms: number): readonly (string | number)[] => [name, entries, perSecond(entries, ms), (ms / entries).toFixed(4), ratio(perSecond(entries, ms), perSecond(size, hashedMs))]
  return [
    row('SHA-256 over the same bytes', size, hashedMs), row('verify', size, verifiedMs), row('verify, signed', size, signedMs),
    ['first checkpoint, of all', size, perSecond(size, firstMs), firstMs.toFixed(0), '-'], ['next checkpoint, 11 entries later', 11, perSecond(11, nextMs), nextMs.toFixed(1), '-'],
    ['way of an entry up the tree, for a proof', proofs, perSecond(proofs, proofMs.reduce((sum, ms) => sum + ms, 0)), median(proofMs).toFixed(2), '-'],
  ]
}

/** The texts of a thousand entries, as often as there are entries. */
async function hashSamples(evidence: ProvableCatalogue['evidence'], size: number): Promise<void> {
  const entries = await evidence.entries(NODE, 0, 1000)
  const texts = entries.flatMap(({ hash: own, salt, personal_json: personal, ...covered }) => [JSON.stringify([own, ...Object.values(covered)]), `${salt}:${personal}`])
  for (let count = 0; count < size; count += entries.length) for (const text of texts) hash('sha256', text, 'hex')
}

async function fill({ database }: Site, count: number): Promise<void> {
  const chain = new AuditChain(NODE, { customerIdKey: 'CUSTOMER_ID' })
  for (let from = 0; from < count; from += PER_TRANSACTION) {
    const drafts = Array.from({ length: Math.min(PER_TRANSACTION, count - from) }, (_, index) => draft(from + index))
    await database.change((tx) => chain.append(tx, drafts))
  }
}

function expectWhole({ fault }: { readonly fault: { readonly message: string } | null }): void {
  if (fault !== null) throw new Error(fault.message)
}

function perSecond(count: number, ms: number): number {
  return Math.round(count / ms * 1000)
}

function draft(index: number): AuditDraft {
  return {
    at: new Date(Date.UTC(2026, 2, 1) + index * 1000), actor: { type: 'token', id: `0123456789abcde${index % 10}` }, action: 'playback.begun', object: { type: 'recording', id: String(1e12 + index % 50_000) }, outcome: 'ok', reason: null,
    details: { interactionId: `node-1-${index % 50_000}`, pbxId: 'main', side: 'customer', state: 'stored', rule: 'service calls', partitions: '/sales/gold' },
    personal: { caller: `+49155501${String(index % 10_000).padStart(4, '0')}`, callee: '+4930555020', agent: `agent ${index % 300}`, 'attached.CUSTOMER_ID': `C-${index % 20_000}`, address: `192.0.2.${index % 200}`, actorLabel: 'Supervisor' },
  }
}
