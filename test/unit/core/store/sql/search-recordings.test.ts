import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import { after, before, describe, it } from 'mocha'
import { ANY_RECORDING, type RecordingFilter } from '../../../../../core/ports/recording-repository.ts'
import { SearchDeadline } from '../../../../../core/store/sql/search-deadline.ts'
import { matchingIds } from '../../../../../core/store/sql/search-recordings.ts'
import type { SqlDatabase } from '../../../../../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

/** More than two slices of each pair. */
const IDS = 220_000
/** Four of them beside the two edges: the newest 4000 of the odd ones end at 212001, the next 50000 at 112003. */
const MEETINGS = [1, 2, 60_000, 100_001, 112_001, 112_003, 150_000, 211_999, 212_001]

describe('a search through more than is counted, on SQLite', () => {
  const directory = suiteDirectory()
  let database: SqlDatabase
  before(async () => {
    database = await openSqliteDatabase({ file: join(directory(), 'search.db'), schema: 'catalogue', readers: 'own' })
    const ids = sql`with recursive numbers (id) as (select 1 union all select id + 1 from numbers where id < ${IDS})`
    const pair = (key: string, holds: string): Promise<unknown> => database.change((tx) => sql`insert into attached (k, v, id) ${ids} select ${key}, cast('1' as blob), id from numbers where ${sql.raw(holds)}`.execute(tx))
    await pair('even', 'id % 2 = 0')
    await pair('odd', `id % 2 = 1 or id in (${MEETINGS.join(', ')})`)
    await pair('met', `id % 2 = 0 or id in (${MEETINGS.join(', ')})`)
  })
  after(() => database.close())

  const both = (one: string, other: string): RecordingFilter => ({ ...ANY_RECORDING, attached: [one, other].map((key) => ({ key, value: '1' })) })

  it('gives what lies at the far end, and on both sides of each slice, once and in order', async () => {
    const atOnce = await database.read((tx) => matchingIds(tx, { filter: both('odd', 'met'), scope: { type: 'all' }, before: null, limit: 50, deadline: null }))
    expect(atOnce).to.deep.equal(MEETINGS.toReversed())
    const found: number[] = []
    for (let ahead: number | null = null; ;) {
      const page: readonly number[] = await database.read((tx) => matchingIds(tx, { filter: both('odd', 'met'), scope: { type: 'all' }, before: ahead, limit: 2, deadline: null }))
      found.push(...page)
      ahead = page.at(-1) ?? null
      if (ahead === null) break
    }
    expect(found).to.deep.equal(MEETINGS.toReversed())
  })

  it('is ended at its deadline, between two slices', async () => {
    let now = 0
    const clock = { now: () => new Date(now += 4000) }
    const ask = (filter: RecordingFilter): Promise<readonly number[]> => database.read((tx) => matchingIds(tx, { filter, scope: { type: 'all' }, before: null, limit: 50, deadline: new SearchDeadline(clock) }))
    const failure = await expectCode(ask(both('even', 'odd')), 'QUERY_TIMEOUT')
    expect(failure.details).to.deep.equal({ deadlineMs: 10_000 })
    expect(await ask(both('even', 'met')), 'a page that is full at once').to.have.length(50)
  })

  it('reads the few of a length from an index, and no wide row', async () => {
    const { rows } = await database.read((tx) => sql<{ detail: string }>`explain query plan
      select x.id as id from recordings as x where x.duration_ms >= ${60_000} and x.duration_ms <= ${70_000} limit 30000`.execute(tx))
    expect(rows.map(({ detail }) => detail)).to.deep.equal(['SEARCH x USING COVERING INDEX recordings_by_length (duration_ms>? AND duration_ms<?)'])
  })
})
