import type { Migration } from './migration.ts'

/** Who sits where, as the facts tell it: a restarted service goes on with the seats that are open. */
export const openSeats: Migration = {
  number: 2,
  name: 'desks',
  async up(schema) {
    const { name, text } = schema.types
    await schema.table('journal_seats', 'clustered', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('fact_json', text, (column) => column.notNull()))
  },
}
