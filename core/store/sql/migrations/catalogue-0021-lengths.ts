import type { Migration } from './migration.ts'

/** A search by length finds the few by an index of lengths alone; the one in the order of the ids was walked to its end for the same. */
export const lengths: Migration = {
  number: 21,
  name: 'lengths',
  async up(schema) {
    await schema.index('recordings_by_length', 'recordings', ['duration_ms'])
    await schema.dropIndex('recordings_by_duration', 'recordings')
  },
}
