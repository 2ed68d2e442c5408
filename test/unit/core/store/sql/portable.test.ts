import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { together } from '../../../../../core/store/sql/portable.ts'
import type { SqlDatabase, Tx } from '../../../../../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { rejection } from '../../../../support/rejection.ts'

const policy = (version: string): { readonly version: string; readonly text: string; readonly first_used_at: number } => ({ version, text: 'rules: []', first_used_at: 1 })

describe('queries that run together on SQLite', () => {
  it('give the rows of each, in their order, and see what those before them wrote', async () => {
    await withDatabase(async (database) => {
      const [inserted, [first], all] = await database.change((tx) => together(tx, [
        tx.insertInto('policies').values([policy('a'), policy('b')]),
        tx.selectFrom('policies').select('version').where('version', '=', 'b'),
        tx.selectFrom('policies').select('version').orderBy('version'),
      ]))
      expect(inserted).to.deep.equal([])
      expect(first?.version).to.equal('b')
      expect(all).to.deep.equal([{ version: 'a' }, { version: 'b' }])
    })
  })

  it('are none, and change nothing', async () => {
    await withDatabase(async (database) => {
      expect(await database.change((tx) => together(tx, []))).to.deep.equal([])
    })
  })

  it('leave nothing behind when one of them fails', async () => {
    await withDatabase(async (database) => {
      const twice = async (tx: Tx): Promise<unknown> => await together(tx, [tx.insertInto('policies').values(policy('a')), tx.insertInto('policies').values(policy('a'))])
      expect(await rejection(database.change(twice))).to.include({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
      expect(await database.ask((db) => db.selectFrom('policies').select('version').execute())).to.deep.equal([])
    })
  })

  it('are all in the transaction, whose lock comes with the first of them', async () => {
    const file = join(await temporaryDirectory(), 'shared.sqlite')
    const one = await openSqliteDatabase({ file, schema: 'catalogue', readers: 'shared' })
    const other = await openSqliteDatabase({ file, schema: 'catalogue', readers: 'own' })
    try {
      await one.change(async (tx) => {
        await together(tx, [tx.insertInto('policies').values(policy('a'))])
        expect(await other.ask((db) => db.selectFrom('policies').select('version').execute())).to.deep.equal([])
      })
      expect(await other.ask((db) => db.selectFrom('policies').select('version').execute())).to.deep.equal([{ version: 'a' }])
    } finally {
      await Promise.all([one.close(), other.close()])
    }
  })
})

async function withDatabase(work: (database: SqlDatabase) => Promise<void>): Promise<void> {
  const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'test.sqlite'), schema: 'catalogue', readers: 'shared' })
  try {
    await work(database)
  } finally {
    await database.close()
  }
}
