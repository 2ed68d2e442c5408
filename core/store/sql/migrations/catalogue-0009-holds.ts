import type { Migration } from './migration.ts'

/** Holds by search and their release's reason; what was destroyed, and what is being destroyed. */
export const holds: Migration = {
  number: 9,
  name: 'holds',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.column('holds', 'scope_json', text)
    await schema.column('holds', 'release_reason', text)
    await schema.column('hold_recordings', 'held_by', text)
    await schema.column('hold_recordings', 'reason', text)
    await schema.table('hold_searches', 'clustered', (table) => table
      .addColumn('hold_id', name, (column) => column.notNull())
      .addColumn('search_index', whole, (column) => column.notNull())
      .addColumn('filter_json', text, (column) => column.notNull())
      .addColumn('scope_json', text, (column) => column.notNull())
      .addColumn('added_by', text, (column) => column.notNull())
      .addColumn('reason', text, (column) => column.notNull())
      .addColumn('added_at', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('hold_searches_key', ['hold_id', 'search_index'])
      .addForeignKeyConstraint('hold_searches_of_hold', ['hold_id'], 'holds', ['id']))
    await schema.table('hold_gate', 'clustered', (table) => table
      .addColumn('name', name, (column) => column.notNull().primaryKey()))
    await schema.table('destructions', 'by-rowid', (table) => table
      .addColumn('recording_id', whole, (column) => column.notNull().primaryKey())
      .addColumn('cause', name, (column) => column.notNull())
      .addColumn('rule', text)
      .addColumn('reason', text, (column) => column.notNull())
      .addColumn('ordered_by', text, (column) => column.notNull())
      .addColumn('condemned_at', whole, (column) => column.notNull())
      .addColumn('plan_json', text, (column) => column.notNull())
      .addColumn('step', name, (column) => column.notNull())
      .addColumn('ended_at', whole)
      .addColumn('receipt', text))
    await schema.index('destructions_by_end', 'destructions', ['ended_at', 'recording_id'])
  },
}
