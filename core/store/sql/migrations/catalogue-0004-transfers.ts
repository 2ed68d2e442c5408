import type { Migration } from './migration.ts'

/** Who passed a recorded call on, to whom, when. */
export const transfers: Migration = {
  number: 4,
  name: 'transfers',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('transfers', 'clustered', (table) => table
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addColumn('transfer_index', whole, (column) => column.notNull())
      .addColumn('kind', name, (column) => column.notNull())
      .addColumn('transferred_at', whole, (column) => column.notNull())
      .addColumn('by_channel_id', name)
      .addColumn('by_number', text)
      .addColumn('by_name', text)
      .addColumn('by_endpoint', text)
      .addColumn('to_channel_id', name)
      .addColumn('to_number', text)
      .addColumn('to_name', text)
      .addColumn('to_endpoint', text)
      .addPrimaryKeyConstraint('transfers_key', ['recording_id', 'transfer_index'])
      .addForeignKeyConstraint('transfers_of_recording', ['recording_id'], 'recordings', ['id']))
  },
}
