import type { Migration } from './migration.ts'

/** When which identity was last tried on recordings, and what came of it. */
export const keyChecks: Migration = {
  number: 12,
  name: 'key-checks',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('key_checks', 'by-rowid', (table) => table
      .addColumn('id', whole, (column) => column.notNull().primaryKey().autoIncrement())
      .addColumn('recipient', text, (column) => column.notNull())
      .addColumn('checked_at', whole, (column) => column.notNull())
      .addColumn('checked_by', name, (column) => column.notNull())
      .addColumn('sampled', whole, (column) => column.notNull())
      .addColumn('opened', whole, (column) => column.notNull())
      .addColumn('foreign_count', whole, (column) => column.notNull())
      .addColumn('failed', whole, (column) => column.notNull()))
  },
}
