import type { Migration, SchemaWriter } from './migration.ts'

/** Agents at their desks, tokens that are bound to them, and what they asked for by hand. */
export const desks: Migration = {
  number: 3,
  name: 'desks',
  async up(schema) {
    await demands(schema)
    await seats(schema)
    await tokenDesks(schema)
    await schema.column('parties', 'agent', schema.types.text)
  },
}

async function demands(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('demands', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('demand_index', whole, (column) => column.notNull())
    .addColumn('action', name, (column) => column.notNull())
    .addColumn('asked_by', text, (column) => column.notNull())
    .addColumn('how', name, (column) => column.notNull())
    .addColumn('asked_at', whole, (column) => column.notNull())
    .addColumn('failed_at', whole)
    .addPrimaryKeyConstraint('demands_key', ['recording_id', 'demand_index'])
    .addForeignKeyConstraint('demands_of_recording', ['recording_id'], 'recordings', ['id']))
}

async function seats(schema: SchemaWriter): Promise<void> {
  const { key, name, text, whole } = schema.types
  await schema.table('seats', 'clustered', (table) => table
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('agent', text, (column) => column.notNull())
    .addColumn('agent_key', key, (column) => column.notNull())
    .addColumn('pbx_id', name, (column) => column.notNull())
    .addColumn('endpoint', name, (column) => column.notNull())
    .addColumn('source', name, (column) => column.notNull())
    .addColumn('from_at', whole, (column) => column.notNull())
    .addColumn('to_at', whole)
    .addColumn('begun_by', text, (column) => column.notNull())
    .addColumn('ended_by', text))
  await schema.index('seats_by_agent', 'seats', ['agent_key', 'from_at'])
  await schema.index('seats_by_desk', 'seats', ['pbx_id', 'endpoint', 'from_at'])
}

async function tokenDesks(schema: SchemaWriter): Promise<void> {
  const { name, text } = schema.types
  await schema.table('token_desks', 'clustered', (table) => table
    .addColumn('token_id', name, (column) => column.notNull().primaryKey())
    .addColumn('agent', text)
    .addColumn('desks_json', text, (column) => column.notNull())
    .addColumn('sees', name, (column) => column.notNull())
    .addForeignKeyConstraint('token_desks_of_token', ['token_id'], 'tokens', ['id']))
}
