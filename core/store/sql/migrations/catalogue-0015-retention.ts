import type { Migration } from './migration.ts'

/** Versions of the retention rules, minimums that were stamped, runs and what each is to do. */
export const retention: Migration = {
  number: 15,
  name: 'retention',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('retention_rules', 'by-rowid', (table) => table
      .addColumn('version', name, (column) => column.notNull().primaryKey())
      .addColumn('text', text, (column) => column.notNull())
      .addColumn('first_used_at', whole, (column) => column.notNull())
      .addColumn('last_used_at', whole, (column) => column.notNull()))
    await schema.table('retention_stamps', 'by-rowid', (table) => table
      .addColumn('recording_id', whole, (column) => column.notNull().primaryKey())
      .addColumn('kept_until', whole, (column) => column.notNull())
      .addColumn('rule', text, (column) => column.notNull())
      .addColumn('version', name, (column) => column.notNull()))
    await schema.table('retention_runs', 'by-rowid', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('version', name, (column) => column.notNull())
      .addColumn('state', name, (column) => column.notNull())
      .addColumn('begun_by', text, (column) => column.notNull())
      .addColumn('begun_at', whole, (column) => column.notNull())
      .addColumn('planned_at', whole, (column) => column.notNull())
      .addColumn('digest', name, (column) => column.notNull())
      .addColumn('planned_json', text, (column) => column.notNull())
      .addColumn('done_json', text)
      .addColumn('manifest', text)
      .addColumn('ended_at', whole))
    await schema.table('retention_items', 'clustered', (table) => table
      .addColumn('run_id', name, (column) => column.notNull())
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addColumn('action', name, (column) => column.notNull())
      .addColumn('rule', text, (column) => column.notNull())
      .addColumn('outcome', name)
      .addColumn('done_at', whole)
      .addPrimaryKeyConstraint('retention_items_key', ['run_id', 'recording_id']))
    await schema.table('retention_lease', 'clustered', (table) => table
      .addColumn('name', name, (column) => column.notNull().primaryKey())
      .addColumn('owner', name)
      .addColumn('until_at', whole, (column) => column.notNull()))
  },
}
