import type { Migration } from './migration.ts'

/** When the PBX threw the files of a segment away, because nothing was in them; of what is older nobody noted it. */
export const discards: Migration = {
  number: 7,
  name: 'discards',
  async up(schema) {
    await schema.column('segments', 'discarded_at', schema.types.whole)
  },
}
