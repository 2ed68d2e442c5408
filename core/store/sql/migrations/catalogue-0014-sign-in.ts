import type { Migration } from './migration.ts'

/** Passwords, how often they were tried, and sessions. */
export const signIn: Migration = {
  number: 14,
  name: 'sign-in',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('user_passwords', 'clustered', (table) => table
      .addColumn('user_id', name, (column) => column.notNull().primaryKey())
      .addColumn('hash', text, (column) => column.notNull())
      .addColumn('changed_at', whole, (column) => column.notNull()))
    await schema.table('sign_in_attempts', 'clustered', (table) => table
      .addColumn('attempt_key', name, (column) => column.notNull().primaryKey())
      .addColumn('attempts', whole, (column) => column.notNull())
      .addColumn('last_at', whole, (column) => column.notNull())
      .addColumn('locked_until', whole))
    await schema.table('sessions', 'clustered', (table) => table
      .addColumn('id', name, (column) => column.notNull().primaryKey())
      .addColumn('user_id', name, (column) => column.notNull())
      .addColumn('secret_sha256', name, (column) => column.notNull())
      .addColumn('former_sha256', name)
      .addColumn('former_until', whole)
      .addColumn('created_at', whole, (column) => column.notNull())
      .addColumn('seen_at', whole, (column) => column.notNull())
      .addColumn('expires_at', whole, (column) => column.notNull())
      .addColumn('rights', name, (column) => column.notNull())
      .addColumn('address', text, (column) => column.notNull()))
    await schema.index('sessions_by_user', 'sessions', ['user_id', 'created_at'])
  },
}
