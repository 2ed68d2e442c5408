import type { Migration } from './migration.ts'

/** Where archived recordings lie, and what the manifest of their run says of them. */
export const archive: Migration = {
  number: 17,
  name: 'archive',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('archived', 'by-rowid', (table) => table
      .addColumn('recording_id', whole, (column) => column.notNull().primaryKey())
      .addColumn('run_id', name, (column) => column.notNull())
      .addColumn('store', name, (column) => column.notNull())
      .addColumn('archived_at', whole, (column) => column.notNull())
      .addColumn('entry_json', text, (column) => column.notNull())
      .addColumn('left_payload', name)
      .addColumn('left_header_version', whole))
    await schema.index('archived_by_run', 'archived', ['run_id', 'recording_id'])
    await schema.index('archived_by_left', 'archived', ['left_payload'])
  },
}
