import type { Migration } from './migration.ts'

/** Signed checkpoints of the audit's chains, and what their trees are made from. */
export const checkpoints: Migration = {
  number: 10,
  name: 'checkpoints',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('audit_checkpoints', 'clustered', (table) => table
      .addColumn('chain', name, (column) => column.notNull())
      .addColumn('sequence', whole, (column) => column.notNull())
      .addColumn('at', whole, (column) => column.notNull())
      .addColumn('note', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_checkpoints_key', ['chain', 'sequence']))
    await schema.table('audit_subtrees', 'clustered', (table) => table
      .addColumn('chain', name, (column) => column.notNull())
      .addColumn('level', whole, (column) => column.notNull())
      .addColumn('tree_index', whole, (column) => column.notNull())
      .addColumn('hash', name, (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_subtrees_key', ['chain', 'level', 'tree_index']))
  },
}
