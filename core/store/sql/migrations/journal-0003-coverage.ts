import type { Migration } from './migration.ts'

/** What a restarted service has to know of the coverage ledger. */
export const coverageOfNode: Migration = {
  number: 3,
  name: 'coverage',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('journal_expectations', 'clustered', (table) => table
      .addColumn('pbx_id', name, (column) => column.notNull())
      .addColumn('channel_id', name, (column) => column.notNull())
      .addColumn('side', name, (column) => column.notNull())
      .addColumn('from_at', whole, (column) => column.notNull())
      .addColumn('fact_json', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('journal_expectations_key', ['pbx_id', 'channel_id', 'side', 'from_at']))
    await schema.table('journal_observations', 'clustered', (table) => table
      .addColumn('pbx_id', name, (column) => column.notNull().primaryKey())
      .addColumn('observed_until', whole, (column) => column.notNull())
      .addColumn('lost_at', whole))
  },
}
