import { randomUUID } from 'node:crypto'
import type { Migration } from './migration.ts'

/** A capture node's journal. */
export const facts: Migration = {
  number: 1,
  name: 'facts',
  async up(schema) {
    const { key, name, text, whole } = schema.types
    await schema.table('journal_identity', 'clustered', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey()))
    await schema.firstRow('journal_identity', { id: randomUUID() })
    await schema.table('journal_facts', 'by-rowid', (table) => table
      .addColumn('sequence', whole, (column) => column.notNull().primaryKey().autoIncrement())
      .addColumn('recording_id', whole)
      .addColumn('fact_json', text, (column) => column.notNull()))
    await schema.index('journal_facts_by_recording', 'journal_facts', ['recording_id', 'sequence'])
    await schema.table('journal_recordings', 'by-rowid', (table) => table
      .addColumn('id', whole, (column) => column.notNull().primaryKey())
      .addColumn('live', whole, (column) => column.notNull()))
    await schema.index('journal_recordings_by_life', 'journal_recordings', ['live', 'id'])
    await schema.table('journal_files', 'clustered', (table) => table
      .addColumn('name', key, (column) => column.notNull())
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('journal_files_key', ['name', 'recording_id']))
    await schema.table('journal_quotas', 'clustered', (table) => table
      .addColumn('account', key, (column) => column.notNull())
      .addColumn('interaction_id', name, (column) => column.notNull())
      .addPrimaryKeyConstraint('journal_quotas_key', ['account', 'interaction_id']))
    await schema.table('journal_interactions', 'clustered', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('interaction_json', text, (column) => column.notNull()))
    await schema.table('journal_pauses', 'clustered', (table) => table
      .addColumn('interaction_id', name, (column) => column.notNull().primaryKey())
      .addColumn('fact_json', text, (column) => column.notNull()))
    await schema.table('journal_state', 'clustered', (table) => table
      .addColumn('name', name, (column) => column.notNull().primaryKey())
      .addColumn('value', whole, (column) => column.notNull()))
  },
}
