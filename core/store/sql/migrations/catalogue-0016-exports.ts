import type { Migration } from './migration.ts'

/** Packages that were asked for: which recordings, and which parts of them lie on the disk. */
export const exports: Migration = {
  number: 16,
  name: 'exports',
  async up(schema) {
    const { bytes, name, text, whole } = schema.types
    await schema.table('exports', 'by-rowid', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('actor_type', name, (column) => column.notNull())
      .addColumn('actor_id', name, (column) => column.notNull())
      .addColumn('actor_label', text, (column) => column.notNull())
      .addColumn('address', text, (column) => column.notNull())
      .addColumn('reason', text, (column) => column.notNull())
      .addColumn('audio', name, (column) => column.notNull())
      .addColumn('recipient', text)
      .addColumn('requested_at', whole, (column) => column.notNull())
      .addColumn('state', name, (column) => column.notNull())
      .addColumn('failure', name)
      .addColumn('attempts', whole, (column) => column.notNull())
      .addColumn('recordings', whole, (column) => column.notNull())
      .addColumn('manifest_sha256', name)
      .addColumn('ready_at', whole)
      .addColumn('expires_at', whole)
      .addColumn('leased_by', text)
      .addColumn('leased_until', whole))
    await schema.index('exports_by_state', 'exports', ['state', 'requested_at'])
    await schema.index('exports_by_actor', 'exports', ['actor_id', 'requested_at'])
    await schema.table('export_members', 'clustered', (table) => table
      .addColumn('export_id', name, (column) => column.notNull())
      .addColumn('member_index', whole, (column) => column.notNull())
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('export_members_key', ['export_id', 'member_index'])
      .addForeignKeyConstraint('export_members_of_export', ['export_id'], 'exports', ['id']))
    await schema.table('export_parts', 'by-rowid', (table) => table
      .addColumn('export_id', name, (column) => column.notNull())
      .addColumn('part_index', whole, (column) => column.notNull())
      .addColumn('blob_name', name, (column) => column.notNull())
      .addColumn('header', bytes, (column) => column.notNull())
      .addColumn('size_bytes', whole, (column) => column.notNull())
      .addColumn('packed_json', text)
      .addPrimaryKeyConstraint('export_parts_key', ['export_id', 'part_index'])
      .addForeignKeyConstraint('export_parts_of_export', ['export_id'], 'exports', ['id']))
  },
}
