import type { Migration } from './migration.ts'

/** Attempts to sign in are counted by network, and one from which somebody signed in is remembered. What was counted before is counted as of strangers. */
export const knownNetworks: Migration = {
  number: 18,
  name: 'known-networks',
  async up(schema) {
    await schema.column('sign_in_attempts', 'signed_in_at', schema.types.whole)
  },
}
