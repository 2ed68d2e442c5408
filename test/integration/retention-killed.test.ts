import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { sql } from 'kysely'
import { openCatalogueDatabase } from '../../cli/open-store.ts'
import { run } from '../../cli/program.ts'
import type { AuditEntry } from '../../core/domain/audit-entry.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import { EVERY_ENTRY } from '../../core/ports/audit-log.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { aboutHold, holdOn } from '../support/held-recordings.ts'
import { until } from '../support/hooks.ts'
import { idAt } from '../support/recording-facts.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { objectsOf, StoredOnDisk } from '../support/stored-on-disk.ts'

/** Another seed is another order of deaths; it is told with a failure. */
const SEED = 20_261_123
const COUNT = 200
/** Every tenth is held, every tenth after it is kept by a rule. */
const EVERY = 10
const KILLS = 6
/** After the item at which it dies it lives on for so long: within a destruction, which takes some milliseconds. */
const DIES_WITHIN_MS = 40
const ENDS_WITHIN_MS = 90_000
const MAIN = join(import.meta.dirname, '../../cli/main.ts')
const RULES = `
rules: [{ name: kept, when: { attached: { kind: kept } } }]
default: { name: old, purgeAfterDays: 1 }
`

const ids = Array.from({ length: COUNT }, (_, index) => idAt(index * 60))
const isHeld = (index: number): boolean => index % EVERY === 3
const isKept = (index: number): boolean => index % EVERY === 4
const due = ids.filter((_, index) => !isHeld(index) && !isKept(index))

describe(`holdfast retention run, killed -9 ${KILLS} times at random while it destroys ${due.length} of ${COUNT} recordings (seed ${SEED})`, function () {
  this.timeout(300_000)

  it('is gone on with: each is destroyed once and whole, with one receipt, and nothing else is touched', async () => {
    await using disk = await StoredOnDisk.open(RULES)
    const database = await openCatalogueDatabase(disk.settings)
    try {
      for (const [index, id] of ids.entries()) await disk.add({ id, attached: { kind: isKept(index) ? 'kept' : 'old' } })
      await disk.store.holds.place(holdOn(1, { recordings: ids.filter((_, index) => isHeld(index)) }), aboutHold(1))
      const random = seededRandom(SEED)
      const stages = Array.from({ length: KILLS }, () => Math.floor(random() * due.length)).sort((a, b) => a - b)
      for (const stage of stages) {
        await killedAt(disk, { database, stage, restMs: random() * DIES_WITHIN_MS })
        await expectNothingHalf(disk)
      }
      await leaseOver(database)
      expect((await ended(retentionRun(disk))).code).to.equal(0)
      await expectEnd(disk)
    } finally {
      await database.close()
    }
  })
})

function retentionRun({ file }: StoredOnDisk): ChildProcess {
  return spawn(process.execPath, [MAIN, 'retention', 'run', '--per-second', '10000', '--config', file], { stdio: 'ignore' })
}

/** Killed behind the item of this number, somewhere in the next ones. */
async function killedAt(disk: StoredOnDisk, { database, stage, restMs }: { readonly database: SqlDatabase; readonly stage: number; readonly restMs: number }): Promise<void> {
  await leaseOver(database)
  const child = retentionRun(disk)
  try {
    await until(async () => {
      const { rows: [row] } = await database.ask((db) => sql<{ readonly done: number }>`select count(outcome) as done from retention_items`.execute(db))
      expect(row?.done ?? 0, `stage ${stage}`).to.be.at.least(stage)
      expect(await heldBySomebody(database)).to.equal(true)
    }, { withinMs: ENDS_WITHIN_MS, everyMs: 2 })
    await delay(restMs)
    expect(child.exitCode, `it had ended before it was killed, at stage ${stage}`).to.equal(null)
  } finally {
    child.kill('SIGKILL')
    await ended(child)
  }
}

async function heldBySomebody(database: SqlDatabase): Promise<boolean> {
  const { rows: [row] } = await database.ask((db) => sql<{ readonly held: number }>`select count(owner) as held from retention_lease`.execute(db))
  return (row?.held ?? 0) > 0
}

/** As if the minute had passed after which another process takes over. */
async function leaseOver(database: SqlDatabase): Promise<void> {
  await database.change((tx) => tx.updateTable('retention_lease').set({ owner: null, until_at: 0 }).execute())
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  return { code: child.exitCode }
}

/** Whatever line it died at: what has no tombstone is whole, and what has one is decided, and gone where its receipt says so. */
async function expectNothingHalf(disk: StoredOnDisk): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const [recording, destruction, left] = [await disk.store.repository.find(id, { type: 'all' }), await disk.store.destructions.find(id), await disk.left(id)]
    expect(recording?.state, id).to.equal(destruction === null ? 'stored' : 'purged')
    if (destruction === null) expect(left, id).to.include.members([...objectsOf(id)]).and.to.have.length(3)
    if (destruction !== null) expect(isHeld(index) || isKept(index), id).to.equal(false)
    if ((destruction?.receipt ?? null) !== null) expect(left, id).to.deep.equal([])
  }
}

async function expectEnd(disk: StoredOnDisk): Promise<void> {
  await expectNothingHalf(disk)
  const receipts = (await Promise.all(due.map(async (id) => (await disk.store.destructions.find(id))?.receipt ?? ''))).filter((text) => text !== '')
  expect(receipts).to.have.length(due.length)
  const told = await audited(disk, 'recording.purged')
  const steps = (step: string): readonly string[] => told.filter(({ details }) => details['step'] === step).map(({ object }) => object.id).toSorted()
  const once = (list: readonly RecordingId[]): readonly string[] => list.toSorted()
  expect(steps('decided'), 'decided').to.deep.equal(once(due))
  expect(steps('destroyed'), 'destroyed').to.deep.equal(once(due))
  expect([await audited(disk, 'retention.begun'), await audited(disk, 'retention.ended')].map(({ length }) => length)).to.deep.equal([1, 1])
  expect((await disk.store.audit.verify(disk.settings.node.name)).fault).to.equal(null)
  const [end, ...others] = await disk.store.retention.runs({ first: 5, before: null })
  expect(others).to.deep.equal([])
  expect(end).to.deep.include({ state: 'ended', done: { purged: due.length } })
  await expectReceipts(dirname(disk.file), receipts)
}

async function audited({ store }: StoredOnDisk, action: AuditEntry['action']): Promise<readonly AuditEntry[]> {
  return (await store.audit.read({ ...EVERY_ENTRY, action }, { first: 1000, before: null })).entries.map(({ entry }) => entry)
}

async function expectReceipts(directory: string, receipts: readonly string[]): Promise<void> {
  const file = join(directory, 'receipts.jsonl')
  await writeFile(file, receipts.join('\n'))
  const lines: string[] = []
  expect(await run(['receipt', 'verify', file], { terminal: { out: (text) => void lines.push(text), err: () => undefined } })).to.equal(0)
  expect(new Set(lines.map((line) => /^good +(\d+) destroyed .* retention \(old\)/.exec(line)?.[1]))).to.deep.equal(new Set(due))
}
