import { sql } from 'kysely'
import { parseNodeName } from '../../domain/ids.ts'
import { type OtherService, SERVICE_LEASE_MS, type ServiceLease, type ServiceRun } from '../../ports/service-lease.ts'
import { boundedName } from './bounded-name.ts'
import { databaseNow, insertIfAbsent, locked } from './portable.ts'
import type { ServiceLeaseRow } from './service-lease-tables.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'

const NAME = 'serve'
const NOBODY: ServiceLeaseRow = { name: NAME, run_id: null, journal: '', node: '', host: '', process: 0, extended_at: 0 }

/** The lease as one row, which whoever takes it holds meanwhile. */
export class SqlServiceLease implements ServiceLease {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  take(run: ServiceRun, when: 'start' | 'later'): Promise<OtherService | null> {
    return this.#database.change(async (tx) => {
      await insertIfAbsent(tx, tx.insertInto('service_lease').values(NOBODY), { name: sql.ref<string>('name') }).execute()
      const held = await locked(tx, tx.selectFrom('service_lease').selectAll().where('name', '=', NAME)).executeTakeFirstOrThrow()
      const now = await databaseNow(tx)
      const ageMs = now - held.extended_at
      if (!isOpen(held, { run, when, ageMs })) return { node: parseNodeName(held.node), host: held.host, process: held.process, ageMs }
      await put(tx, { run_id: run.id, journal: run.journal, node: run.node, host: boundedName(run.host), process: run.process, extended_at: now })
      return null
    })
  }

  async release({ id }: Pick<ServiceRun, 'id'>): Promise<void> {
    await this.#database.change((tx) => tx.updateTable('service_lease').set({ run_id: null }).where('name', '=', NAME).where('run_id', '=', id).execute())
  }
}

/** An age below zero by so much: the database's clock was put back, and nobody has extended it since. */
function isOpen(held: ServiceLeaseRow, { run, when, ageMs }: { readonly run: ServiceRun; readonly when: 'start' | 'later'; readonly ageMs: number }): boolean {
  return held.run_id === null || held.run_id === run.id || Math.abs(ageMs) > SERVICE_LEASE_MS || (when === 'start' && held.journal === run.journal)
}

async function put(tx: Tx, row: Omit<ServiceLeaseRow, 'name'>): Promise<void> {
  await tx.updateTable('service_lease').set(row).where('name', '=', NAME).execute()
}
