import type { Migration } from './migration.ts'

/** A search by duration over everything walks this instead of the wide rows; in the order of the ids, as searches go. */
export const durations: Migration = {
  number: 19,
  name: 'durations',
  async up(schema) {
    await schema.index('recordings_by_duration', 'recordings', ['id', 'duration_ms'])
  },
}
