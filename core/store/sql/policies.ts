import { sql } from 'kysely'
import type { PolicyUsed } from '../../domain/capture-fact.ts'
import { insertIfAbsent } from './portable.ts'
import type { Tx } from './sql-database.ts'

/** Keeps the text of a policy that decides. Several nodes use the same: the first to tell has told it. */
export async function keepPolicy(tx: Tx, { version, canonical, at }: PolicyUsed): Promise<void> {
  const row = { version, text: canonical, first_used_at: at.getTime() }
  await insertIfAbsent(tx, tx.insertInto('policies').values(row), { version: sql.ref<string>('version') }).execute()
}

/** The kept text, or `null` for a version that never decided. */
export async function keptPolicy(tx: Tx, version: string): Promise<{ readonly version: string; readonly canonical: string } | null> {
  const row = await tx.selectFrom('policies').select('text').where('version', '=', version).executeTakeFirst()
  return row === undefined ? null : { version, canonical: row.text }
}

/** Every kept version, by the time of its first use. */
export async function keptVersions(tx: Tx): Promise<readonly { readonly version: string; readonly firstUsedAt: Date }[]> {
  const rows = await tx.selectFrom('policies').select(['version', 'first_used_at']).orderBy('first_used_at').orderBy('version').execute()
  return rows.map(({ version, first_used_at: at }) => ({ version, firstUsedAt: new Date(at) }))
}
