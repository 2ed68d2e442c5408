import type { Migration } from './migration.ts'

/** How far each recording's PBX clock was ahead of ours; unknown of what is older. */
export const clocks: Migration = {
  number: 6,
  name: 'clocks',
  async up(schema) {
    await schema.column('recordings', 'clock_offset_ms', schema.types.whole)
  },
}
