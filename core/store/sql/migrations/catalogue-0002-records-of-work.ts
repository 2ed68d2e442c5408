import type { Migration, SchemaWriter } from './migration.ts'

/** What is kept beside the recordings: audit, jobs, tokens, nodes, policies, units, holds. */
export const recordsOfWork: Migration = {
  number: 2,
  name: 'records-of-work',
  async up(schema) {
    await audit(schema)
    await jobs(schema)
    await nodesAndTokens(schema)
    await policiesAndUnits(schema)
    await holds(schema)
  },
}

async function audit(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('audit_chains', 'clustered', (table) => table
    .addColumn('chain', name, (column) => column.notNull().primaryKey())
    .addColumn('sequence', whole, (column) => column.notNull())
    .addColumn('hash', name, (column) => column.notNull()))
  await schema.table('audit_entries', 'by-rowid', (table) => table
    .addColumn('position', whole, (column) => column.notNull().primaryKey().autoIncrement())
    .addColumn('chain', name, (column) => column.notNull())
    .addColumn('sequence', whole, (column) => column.notNull())
    .addColumn('at', whole, (column) => column.notNull())
    .addColumn('actor_type', name, (column) => column.notNull())
    .addColumn('actor_id', name, (column) => column.notNull())
    .addColumn('action', name, (column) => column.notNull())
    .addColumn('object_type', name, (column) => column.notNull())
    .addColumn('object_id', name, (column) => column.notNull())
    .addColumn('outcome', name, (column) => column.notNull())
    .addColumn('reason', text)
    .addColumn('details_json', text, (column) => column.notNull())
    .addColumn('personal_digest', name)
    .addColumn('hash', name, (column) => column.notNull())
    .addUniqueConstraint('audit_entries_place', ['chain', 'sequence']))
  await schema.index('audit_entries_by_object', 'audit_entries', ['object_id', 'position'])
  await schema.index('audit_entries_by_actor', 'audit_entries', ['actor_id', 'position'])
  await schema.index('audit_entries_by_action', 'audit_entries', ['action', 'position'])
  await schema.index('audit_entries_by_time', 'audit_entries', ['at'])
  await schema.table('audit_personal', 'clustered', (table) => table
    .addColumn('chain', name, (column) => column.notNull())
    .addColumn('sequence', whole, (column) => column.notNull())
    .addColumn('salt', name, (column) => column.notNull())
    .addColumn('personal_json', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_personal_key', ['chain', 'sequence']))
}

async function jobs(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('jobs', 'by-rowid', (table) => table
    .addColumn('id', whole, (column) => column.notNull().primaryKey().autoIncrement())
    .addColumn('kind', name, (column) => column.notNull())
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('due_at', whole, (column) => column.notNull())
    .addColumn('available_at', whole, (column) => column.notNull())
    .addColumn('leased_by', name)
    .addColumn('attempts', whole, (column) => column.notNull())
    .addColumn('last_error', text)
    .addUniqueConstraint('jobs_once', ['kind', 'recording_id']))
  await schema.index('jobs_by_turn', 'jobs', ['kind', 'available_at', 'id'])
  await schema.table('job_marks', 'clustered', (table) => table
    .addColumn('job_id', whole, (column) => column.notNull())
    .addColumn('mark_index', whole, (column) => column.notNull())
    .addColumn('step', name, (column) => column.notNull())
    .addColumn('data_json', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('job_marks_key', ['job_id', 'mark_index'])
    .addForeignKeyConstraint('job_marks_of_job', ['job_id'], 'jobs', ['id'], (key) => key.onDelete('cascade')))
}

async function nodesAndTokens(schema: SchemaWriter): Promise<void> {
  const { bytes, name, text, whole } = schema.types
  await schema.table('journal_positions', 'clustered', (table) => table
    .addColumn('journal', name, (column) => column.notNull().primaryKey())
    .addColumn('node', name, (column) => column.notNull())
    .addColumn('sequence', whole, (column) => column.notNull()))
  // The fact as bytes: what a text column refuses may be what is wrong with it.
  await schema.table('facts_set_aside', 'clustered', (table) => table
    .addColumn('journal', name, (column) => column.notNull())
    .addColumn('sequence', whole, (column) => column.notNull())
    .addColumn('node', name, (column) => column.notNull())
    .addColumn('fact', bytes, (column) => column.notNull())
    .addColumn('error', text, (column) => column.notNull())
    .addColumn('set_aside_at', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('facts_set_aside_key', ['journal', 'sequence']))
  await schema.table('nodes', 'by-rowid', (table) => table
    .addColumn('number', whole, (column) => column.notNull().primaryKey())
    .addColumn('name', name, (column) => column.notNull().unique())
    .addColumn('leased_at', whole, (column) => column.notNull()))
  await schema.table('tokens', 'clustered', (table) => table
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('label', text, (column) => column.notNull())
    .addColumn('role', name, (column) => column.notNull())
    .addColumn('partitions_json', text, (column) => column.notNull())
    .addColumn('secret_sha256', name, (column) => column.notNull())
    .addColumn('created_at', whole, (column) => column.notNull())
    .addColumn('expires_at', whole)
    .addColumn('revoked_at', whole))
}

async function policiesAndUnits(schema: SchemaWriter): Promise<void> {
  const { key, name, text, whole } = schema.types
  await schema.table('policies', 'clustered', (table) => table
    .addColumn('version', name, (column) => column.notNull().primaryKey())
    .addColumn('text', text, (column) => column.notNull())
    .addColumn('first_used_at', whole, (column) => column.notNull()))
  await schema.table('units', 'clustered', (table) => table
    .addColumn('id', name, (column) => column.notNull())
    .addColumn('parent_id', name)
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('from_at', whole, (column) => column.notNull())
    .addColumn('to_at', whole)
    .addPrimaryKeyConstraint('units_key', ['id', 'from_at']))
  await schema.table('unit_members', 'clustered', (table) => table
    .addColumn('unit_id', name, (column) => column.notNull())
    .addColumn('agent', key, (column) => column.notNull())
    .addColumn('from_at', whole, (column) => column.notNull())
    .addColumn('to_at', whole)
    .addPrimaryKeyConstraint('unit_members_key', ['agent', 'from_at', 'unit_id']))
}

async function holds(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('holds', 'clustered', (table) => table
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('case_name', text, (column) => column.notNull())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('placed_by', text, (column) => column.notNull())
    .addColumn('placed_at', whole, (column) => column.notNull())
    .addColumn('released_by', text)
    .addColumn('released_at', whole))
  await schema.table('hold_recordings', 'clustered', (table) => table
    .addColumn('hold_id', name, (column) => column.notNull())
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('held_at', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('hold_recordings_key', ['hold_id', 'recording_id'])
    .addForeignKeyConstraint('hold_recordings_of_hold', ['hold_id'], 'holds', ['id']))
  await schema.index('hold_recordings_by_recording', 'hold_recordings', ['recording_id'])
}
