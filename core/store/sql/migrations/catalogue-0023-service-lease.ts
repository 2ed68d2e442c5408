import type { Migration } from './migration.ts'

/** Who serves over a catalogue that several machines reach. */
export const serviceLease: Migration = {
  number: 23,
  name: 'service-lease',
  async up(schema) {
    const { name, whole } = schema.types
    await schema.table('service_lease', 'clustered', (table) => table
      .addColumn('name', name, (column) => column.notNull().primaryKey())
      .addColumn('run_id', name)
      .addColumn('journal', name, (column) => column.notNull())
      .addColumn('node', name, (column) => column.notNull())
      .addColumn('host', name, (column) => column.notNull())
      .addColumn('process', whole, (column) => column.notNull())
      .addColumn('extended_at', whole, (column) => column.notNull()))
  },
}
