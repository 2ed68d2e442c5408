import type { Migration } from './migration.ts'

/** Which leg asked for which recordings: after a restart it is known what was said to a call that goes on, also where nothing is recorded. */
export const askers: Migration = {
  number: 5,
  name: 'askers',
  async up(schema) {
    const { key, whole } = schema.types
    await schema.table('journal_askers', 'clustered', (table) => table
      .addColumn('leg', key, (column) => column.notNull())
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('journal_askers_key', ['leg', 'recording_id']))
  },
}
