import type { OrganisationStateRow } from '../people-tables.ts'
import type { Migration } from './migration.ts'

const NO_RESTAMP: OrganisationStateRow = { id: 1, version: 1, restamp_from: null, restamp_asked_at: null, restamp_next_id: 0, restamp_looked: 0, restamp_changed: 0 }

/** Users, roles of the organisation's own, and what is under way of a correction of its tree. */
export const people: Migration = {
  number: 8,
  name: 'people',
  async up(schema) {
    const { key, name, text, whole } = schema.types
    await schema.table('roles', 'clustered', (table) => table
      .addColumn('name', name, (column) => column.notNull().primaryKey())
      .addColumn('permissions_json', text, (column) => column.notNull())
      .addColumn('reach', name, (column) => column.notNull())
      .addColumn('sees_json', text, (column) => column.notNull())
      .addColumn('hears', name, (column) => column.notNull())
      .addColumn('reason_required', whole, (column) => column.notNull()))
    await schema.table('users', 'clustered', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('name_key', key, (column) => column.notNull().unique())
      .addColumn('name', text, (column) => column.notNull())
      .addColumn('role', name, (column) => column.notNull())
      .addColumn('agent', text)
      .addColumn('partitions_json', text, (column) => column.notNull())
      .addColumn('units_json', text, (column) => column.notNull())
      .addColumn('created_at', whole, (column) => column.notNull())
      .addColumn('disabled_at', whole))
    await schema.table('organisation_state', 'clustered', (table) => table
      .addColumn('id', whole, (column) => column.notNull().primaryKey())
      .addColumn('version', whole, (column) => column.notNull())
      .addColumn('restamp_from', whole)
      .addColumn('restamp_asked_at', whole)
      .addColumn('restamp_next_id', whole, (column) => column.notNull())
      .addColumn('restamp_looked', whole, (column) => column.notNull())
      .addColumn('restamp_changed', whole, (column) => column.notNull()))
    await schema.firstRow('organisation_state', NO_RESTAMP)
    // A correction of the tree takes a recording's units away again.
    await schema.index('access_by_id', 'access', ['id', 'scope'])
  },
}
