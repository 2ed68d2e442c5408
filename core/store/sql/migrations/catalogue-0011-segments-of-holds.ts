import type { Migration } from './migration.ts'

/** Since when the recorded telephone held, as a segment began because of that. */
export const segmentsOfHolds: Migration = {
  number: 11,
  name: 'segments-of-holds',
  async up(schema) {
    await schema.column('segments', 'held_at', schema.types.whole)
  },
}
