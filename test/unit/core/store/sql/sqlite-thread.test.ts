import { join } from 'node:path'
import { describe, it } from 'mocha'
import { expect } from 'chai'
import { SqliteThread } from '../../../../../core/store/sql/sqlite-thread.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { rejection } from '../../../../support/rejection.ts'

/** Counts to `limit` inside SQLite: work for the thread, and none for us. */
const COUNT = 'with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ?) select max(n) as n from counted'
const LIST = COUNT.replace('max(n) as n', 'n')

describe('SqliteThread', () => {
  it('gives numbers, text, bytes and null back as they were', async () => {
    await withThread(async (thread) => {
      const values = [2 ** 53 - 1, 'ü\u0000🤝', Uint8Array.from([0, 255, 10]), null] as const
      const { rows } = await thread.run('select ? as a, ? as b, ? as c, ? as d', values)
      const row = rows[0] as Record<string, unknown>
      expect({ ...row, c: [...row['c'] as Uint8Array] }).to.deep.equal({ a: 2 ** 53 - 1, b: 'ü\u0000🤝', c: [0, 255, 10], d: null })
    })
  })

  it('keeps the promises of durability that the store is built on', async () => {
    await withThread(async (thread) => {
      const pragma = async (name: string): Promise<unknown> => Object.values((await thread.run(`pragma ${name}`, [])).rows[0] as object)[0]
      expect({ journal: await pragma('journal_mode'), synchronous: await pragma('synchronous'), keys: await pragma('foreign_keys') }).to.deep.equal({ journal: 'wal', synchronous: 2, keys: 1 })
    })
  })

  it('leaves the event loop free while SQLite works', async () => {
    await withThread(async (thread) => {
      let turns = 0
      const counted = thread.run(COUNT, [2_000_000]).then(() => 'done')
      const turn = (): Promise<string> => new Promise((resolve) => setImmediate(() => resolve('turn')))
      while (await Promise.race([counted, turn()]) === 'turn') turns += 1
      expect(turns).to.be.greaterThan(100)
    })
  })

  it('runs several statements in their order, and none behind one that fails', async () => {
    await withThread(async (thread) => {
      const statement = (sql: string): { readonly sql: string; readonly parameters: readonly [] } => ({ sql, parameters: [] })
      const results = await thread.runAll(['create table t (a integer primary key)', 'insert into t values (1), (2)', 'select a from t'].map(statement))
      expect(results.map(({ rows, changes }) => ({ rows, changes })).slice(1)).to.deep.equal([{ rows: [], changes: 2 }, { rows: [{ a: 1 }, { a: 2 }], changes: 0 }])
      expect(await rejection(thread.runAll(['insert into t values (3)', 'insert into t values (3)', 'insert into t values (4)'].map(statement)))).to.include({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
      expect((await thread.run('select a from t', [])).rows).to.deep.equal([{ a: 1 }, { a: 2 }, { a: 3 }])
    })
  })

  it('tells a failed statement by its code, and goes on', async () => {
    await withThread(async (thread) => {
      await thread.run('create table t (a integer primary key)', [])
      await thread.run('insert into t values (1)', [])
      expect(await rejection(thread.run('insert into t values (1)', []))).to.include({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
      expect(await rejection(thread.run('select nonsense', []))).to.include({ code: 'SQLITE_ERROR' })
      expect((await thread.run('select a from t', [])).rows).to.deep.equal([{ a: 1 }])
    })
  })

  it('ends a transaction only when one is open', async () => {
    await withThread(async (thread) => {
      await thread.rollback()
      await thread.run('create table t (a integer)', [])
      await thread.run('begin immediate', [])
      await thread.run('insert into t values (1)', [])
      await thread.rollback()
      expect((await thread.run('select * from t', [])).rows).to.deep.equal([])
    })
  })

  it('streams rows in order, and is free again when the reader leaves early', async () => {
    await withThread(async (thread) => {
      const seen: unknown[] = []
      for await (const rows of thread.stream(LIST, [1000])) seen.push(...rows)
      expect(seen).to.deep.equal(Array.from({ length: 1000 }, (_, index) => ({ n: index + 1 })))
      for await (const rows of thread.stream(LIST, [1_000_000])) {
        expect(rows.length).to.equal(256)
        break
      }
      expect((await thread.run('select 1 as a', [])).rows).to.deep.equal([{ a: 1 }])
    })
  })

  it('runs more kinds of statements than it keeps prepared', async () => {
    await withThread(async (thread) => {
      for (let index = 0; index < 600; index += 1) expect((await thread.run(`select ${index % 300} as n`, [])).rows).to.deep.equal([{ n: index % 300 }])
    })
  })

  it('finishes what was asked before it closes, and refuses what comes after', async () => {
    const thread = await open()
    const counted = thread.run(COUNT, [300_000])
    const closed = thread.close()
    expect((await counted).rows).to.deep.equal([{ n: 300_000 }])
    await closed
    expect(await rejection(thread.run('select 1', []))).to.include({ code: 'SQLITE_THREAD_GONE' })
    await thread.close()
  })

  it('says why a file cannot be opened, and leaves no thread behind', async () => {
    const failure = await rejection(SqliteThread.open({ file: join(await temporaryDirectory(), 'no/such/folder.sqlite'), access: 'read-write', busyTimeoutMs: 10 }))
    expect(failure).to.be.instanceOf(Error)
  })

  it('lets a reader see the last commit while a writer holds the file, and write nothing', async () => {
    const file = join(await temporaryDirectory(), 'shared.sqlite')
    const writer = await SqliteThread.open({ file, access: 'read-write', busyTimeoutMs: 10 })
    const reader = await SqliteThread.open({ file, access: 'read-only', busyTimeoutMs: 10 })
    const other = await SqliteThread.open({ file, access: 'read-write', busyTimeoutMs: 10 })
    try {
      await writer.run('create table t (a integer)', [])
      await writer.run('begin immediate', [])
      await writer.run('insert into t values (1)', [])
      expect((await reader.run('select * from t', [])).rows).to.deep.equal([])
      expect(await rejection(reader.run('insert into t values (2)', []))).to.include({ code: 'SQLITE_READONLY' })
      expect(await rejection(other.run('begin immediate', []))).to.include({ code: 'SQLITE_BUSY' })
      await writer.run('commit', [])
      expect((await reader.run('select * from t', [])).rows).to.deep.equal([{ a: 1 }])
    } finally {
      await Promise.all([writer, reader, other].map((thread) => thread.close()))
    }
  })
})

async function open(): Promise<SqliteThread> {
  return SqliteThread.open({ file: join(await temporaryDirectory(), 'test.sqlite'), access: 'read-write', busyTimeoutMs: 1000 })
}

async function withThread(work: (thread: SqliteThread) => Promise<void>): Promise<void> {
  const thread = await open()
  try {
    await work(thread)
  } finally {
    await thread.close()
  }
}
