import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, it } from 'mocha'
import { expect } from 'chai'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { SqlCaptureJournal } from '../../../../../core/store/sql/sql-capture-journal.ts'
import type { SqlDatabase } from '../../../../../core/store/sql/sql-database.ts'
import { WriteTurns } from '../../../../../core/store/sql/write-turns.ts'
import { openSqliteStore } from '../../../../../core/store/sqlite-store.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { idAt, requested, wholeLife } from '../../../../support/recording-facts.ts'
import { expectCode, rejection } from '../../../../support/rejection.ts'
import { SHARED_NODE } from '../../../../support/shared-catalogue.ts'

describe('the files of SQLite', () => {
  it('are for the eyes of their user alone', async () => {
    const directory = await temporaryDirectory()
    const file = join(directory, 'data/deep/catalogue.sqlite')
    const database = await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' })
    try {
      for (const name of [file, `${file}-wal`, `${file}-shm`]) expect((await stat(name)).mode & 0o777, name).to.equal(0o600)
      expect((await stat(join(directory, 'data/deep'))).mode & 0o777).to.equal(0o700)
    } finally {
      await database.close()
    }
  })

  it('are refused when they are something else', async () => {
    const file = join(await temporaryDirectory(), 'catalogue.sqlite')
    await writeFile(file, 'this is a letter, not a database. '.repeat(100))
    await expectCode(openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' }), 'STORE_FAILED')
    await expectCode(openSqliteDatabase({ file: join(file, 'below'), schema: 'catalogue', readers: 'own' }), 'STORE_FAILED')
  })

  it('hold journal and catalogue together, or each apart', async () => {
    for (const journalFile of [null, 'journal.sqlite']) {
      const directory = await temporaryDirectory()
      const store = await openSqliteStore({
        file: join(directory, 'catalogue.sqlite'), journalFile: journalFile === null ? null : join(directory, journalFile), node: SHARED_NODE, nodeNumber: 1, runtime: quietRuntime(),
      })
      try {
        await store.journal.append(wholeLife({ id: idAt(0) }))
        await store.repository.apply({ node: SHARED_NODE, journal: await store.journal.id() }, await store.journal.unforwarded(100))
        expect(await store.repository.find(idAt(0), { type: 'all' })).to.deep.equal(await store.journal.recording(idAt(0)))
      } finally {
        await store.close()
      }
    }
  })
})

describe('two connections that write one file', () => {
  it('have their turns in the order in which they asked, also when a turn fails', async () => {
    const options = { file: join(await temporaryDirectory(), 'both.sqlite'), readers: 'shared', turns: new WriteTurns() } as const
    const one = await openSqliteDatabase({ ...options, schema: 'catalogue' })
    const other = await openSqliteDatabase({ ...options, schema: 'journal' })
    try {
      const order: string[] = []
      const write = (database: SqlDatabase, name: string): Promise<void> => database.change(async (tx) => {
        await sql`select 1`.execute(tx)
        order.push(name)
      })
      const failing = rejection(one.change(() => Promise.reject(new Error('a bug'))))
      await Promise.all([write(one, 'one 1'), write(other, 'other 1'), write(one, 'one 2'), write(one, 'one 3'), write(other, 'other 2'), failing])
      expect(order).to.deep.equal(['one 1', 'other 1', 'one 2', 'one 3', 'other 2'])
    } finally {
      await Promise.all([one.close(), other.close()])
    }
  })
})

describe('a full disk', () => {
  it('fails an append whole, and none after it when there is room again', async () => {
    const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'journal.sqlite'), schema: 'journal', readers: 'shared' })
    await using journal = new SqlCaptureJournal(database, { nodeNumber: 1, runtime: quietRuntime() })
    const pages = (count: number): Promise<unknown> => database.change((tx) => sql.raw(`pragma max_page_count = ${count}`).execute(tx))
    await journal.append([requested({ id: idAt(0) })])
    // SQLite takes no limit below the size that the file has.
    await pages(1)
    const big = requested({ id: idAt(1), attached: { note: 'x'.repeat(100_000) } })
    await expectCode(journal.append([requested({ id: idAt(2) }), big]), 'STORE_FAILED')
    expect((await journal.unforwarded(10)).length).to.equal(1)
    await pages(1_000_000)
    await journal.append([big])
    expect((await journal.unforwarded(10)).length).to.equal(2)
  })
})
