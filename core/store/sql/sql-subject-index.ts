import { type RawBuilder, sql } from 'kysely'
import { parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import type { DataSubject, SubjectIndex } from '../../ports/subject-index.ts'
import { searchKey } from './search-key.ts'
import { FIELD_KEYS } from './search-pairs.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

/** Looks through the tables in which people stand. Parties, transfers and changes have no index by person: nobody else asks them so. */
export class SqlSubjectIndex implements SubjectIndex {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  recordingsOf(subject: DataSubject, { customerIdKey, most }: { readonly customerIdKey: string | null; readonly most: number }): Promise<readonly RecordingId[]> {
    return this.#database.read(async (tx) => {
      const found = new Set<number>()
      const add = (ids: readonly number[]): void => {
        for (const id of ids) found.add(id)
      }
      for (const number of subject.numbers) add(await ofNumber(tx, number, most))
      if (customerIdKey !== null) for (const id of subject.customerIds) add(await ofCustomer(tx, { key: customerIdKey, id, most }))
      return [...found].sort((one, other) => one - other).slice(0, most + 1).map((id) => parseRecordingId(String(id)))
    })
  }
}

async function ofNumber(tx: Tx, number: string, most: number): Promise<readonly number[]> {
  const pairs = [FIELD_KEYS.caller, FIELD_KEYS.callee].map((key) => sql`select id from attached where k = ${key} and v = ${searchKey(number)}`)
  return await idsOf(tx, [
    ...pairs,
    sql`select recording_id as id from parties where ${sql.ref('number')} = ${number}`,
    sql`select recording_id as id from transfers where by_number = ${number} or to_number = ${number}`,
  ], most)
}

async function ofCustomer(tx: Tx, { key, id, most }: { readonly key: string; readonly id: string; readonly most: number }): Promise<readonly number[]> {
  return await idsOf(tx, [
    sql`select id from attached where k = ${key} and v = ${searchKey(id)}`,
    sql`select recording_id as id from attached_changes where key_name = ${key} and value = ${id}`,
  ], most)
}

async function idsOf(tx: Tx, selects: readonly RawBuilder<unknown>[], most: number): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`select distinct id from (${sql.join(selects, sql` union all `)}) as found order by id limit ${most + 1}`.execute(tx)
  return rows.map((row) => row.id)
}
