import type { Migration } from './migration.ts'

/** A token may have less than its role; those that there are have all of it. */
export const tokenPermissions: Migration = {
  number: 20,
  name: 'token-permissions',
  async up(schema) {
    await schema.column('tokens', 'permissions_json', schema.types.text)
  },
}
