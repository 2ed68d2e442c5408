import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import { after, before, describe, it } from 'mocha'
import { parseUnitId } from '../../../../../core/domain/ids.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../../../../core/ports/recording-repository.ts'
import { SearchDeadline } from '../../../../../core/store/sql/search-deadline.ts'
import { matchingIds } from '../../../../../core/store/sql/search-recordings.ts'
import type { SqlDatabase } from '../../../../../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

/** More than the three sizes of a slice. */
const IDS = 220_000
/** Six of them beside the edges of slices: the newest 4000 of the odd ones end at 212001, the next 16000 at 180001, the next 64000 at 52005. */
const MEETINGS = [1, 2, 52_003, 52_005, 60_000, 100_001, 150_000, 179_999, 180_001, 211_999, 212_001]

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

  it('leaves out what is older than a page that another part of the scope filled, and nothing else', async () => {
    await database.change((tx) => sql`insert into access (scope, value, id) select 'unit', cast(case when id % 4 = 1 then 'one' else 'other' end as blob), id from attached where k = 'met' and id % 2 = 1`.execute(tx))
    for (const units of [['one', 'other'], ['other', 'one']]) {
      const asked = { filter: both('odd', 'met'), scope: { type: 'named', partitions: [], units: units.map((unit) => parseUnitId(unit)) }, before: null, deadline: null } as const
      const odd = MEETINGS.filter((id) => id % 2 === 1).toReversed()
      for (const limit of [1, 3, 4, 50]) {
        expect(await database.read((tx) => matchingIds(tx, { ...asked, limit }))).to.deep.equal(odd.slice(0, limit))
        expect(await database.read((tx) => matchingIds(tx, { ...asked, limit, order: 'any' }))).to.have.length(Math.min(limit, odd.length))
      }
    }
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
