import { type Kysely, sql } from 'kysely'
import { HoldfastError } from '../../domain/errors.ts'
import type { Tables } from './tables.ts'
import { recordings } from './migrations/catalogue-0001-recordings.ts'
import { recordsOfWork } from './migrations/catalogue-0002-records-of-work.ts'
import { desks } from './migrations/catalogue-0003-desks.ts'
import { transfers } from './migrations/catalogue-0004-transfers.ts'
import { coverage } from './migrations/catalogue-0005-coverage.ts'
import { clocks } from './migrations/catalogue-0006-clocks.ts'
import { discards } from './migrations/catalogue-0007-discards.ts'
import { people } from './migrations/catalogue-0008-people.ts'
import { holds } from './migrations/catalogue-0009-holds.ts'
import { checkpoints } from './migrations/catalogue-0010-checkpoints.ts'
import { segmentsOfHolds } from './migrations/catalogue-0011-segments-of-holds.ts'
import { keyChecks } from './migrations/catalogue-0012-key-checks.ts'
import { auditWords } from './migrations/catalogue-0013-audit-words.ts'
import { signIn } from './migrations/catalogue-0014-sign-in.ts'
import { retention } from './migrations/catalogue-0015-retention.ts'
import { exports } from './migrations/catalogue-0016-exports.ts'
import { archive } from './migrations/catalogue-0017-archive.ts'
import { knownNetworks } from './migrations/catalogue-0018-known-networks.ts'
import { durations } from './migrations/catalogue-0019-durations.ts'
import { tokenPermissions } from './migrations/catalogue-0020-token-permissions.ts'
import { lengths } from './migrations/catalogue-0021-lengths.ts'
import { labels } from './migrations/catalogue-0022-labels.ts'
import { serviceLease } from './migrations/catalogue-0023-service-lease.ts'
import { facts } from './migrations/journal-0001-facts.ts'
import { openSeats } from './migrations/journal-0002-desks.ts'
import { coverageOfNode } from './migrations/journal-0003-coverage.ts'
import { quotaEnds } from './migrations/journal-0004-quota-ends.ts'
import { askers } from './migrations/journal-0005-askers.ts'
import { type Migration, SchemaWriter } from './migrations/migration.ts'
import type { SqlDialect } from './sql-dialect.ts'

/** Schemas that can stand in one database, each with its own count of steps. */
export const SCHEMAS = {
  catalogue: [recordings, recordsOfWork, desks, transfers, coverage, clocks, discards, people, holds, checkpoints, segmentsOfHolds, keyChecks, auditWords, signIn, retention, exports, archive, knownNetworks, durations, tokenPermissions, lengths, labels, serviceLease],
  journal: [facts, openSeats, coverageOfNode, quotaEnds, askers],
} as const satisfies Record<string, readonly Migration[]>
export type SchemaName = keyof typeof SCHEMAS

/** The other process that migrates needs seconds, on a big table minutes; one that hangs must not hang us. */
const LOCK_DEADLINE_SECONDS = 300
const LOCK_NAME = 'holdfast-migrations'

/**
 * Brings the schema to this program's version. Two processes that start together do it once; a run that was cut off is taken up.
 * @throws HoldfastError `STORE_NEWER` when a newer program has been here: its rows mean things that this one does not know; `STORE_FAILED`
 */
export async function migrate(db: Kysely<Tables>, dialect: SqlDialect, name: SchemaName): Promise<void> {
  if (dialect === 'sqlite') await db.transaction().execute((tx) => bringUp(tx, dialect, name))
  else await db.connection().execute((connection) => underServerLock(connection, () => bringUp(connection, dialect, name)))
}

async function bringUp(db: Kysely<Tables>, dialect: SqlDialect, name: SchemaName): Promise<void> {
  const schema = new SchemaWriter(db, dialect)
  await schema.table('schema_migrations', 'clustered', (table) => table
    .addColumn('schema_name', schema.types.name, (column) => column.notNull())
    .addColumn('number', schema.types.whole, (column) => column.notNull())
    .addColumn('applied_at', schema.types.whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('schema_migrations_key', ['schema_name', 'number']))
  const { latest } = await db.selectFrom('schema_migrations').where('schema_name', '=', name)
    .select((select) => select.fn.max('number').as('latest')).executeTakeFirstOrThrow()
  const known: readonly Migration[] = SCHEMAS[name]
  if (latest !== null && latest > known.length) {
    throw new HoldfastError('STORE_NEWER', `the ${name} was written by a newer Holdfast: this one knows its schema up to ${known.length}, and it has ${latest}`, { schema: name, found: latest, known: known.length })
  }
  for (const migration of known.slice(latest ?? 0)) {
    await migration.up(schema)
    await db.insertInto('schema_migrations').values({ schema_name: name, number: migration.number, applied_at: Date.now() }).execute()
  }
}

async function underServerLock(connection: Kysely<Tables>, work: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ got: number | null }>`select get_lock(${LOCK_NAME}, ${LOCK_DEADLINE_SECONDS}) as got`.execute(connection)
  if (Number(rows[0]?.got) !== 1) {
    throw new HoldfastError('STORE_FAILED', `another process has been migrating the database for more than ${LOCK_DEADLINE_SECONDS} seconds`)
  }
  try {
    await work()
  } finally {
    await sql`select release_lock(${LOCK_NAME})`.execute(connection)
  }
}
