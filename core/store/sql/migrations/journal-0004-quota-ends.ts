import type { Migration } from './migration.ts'

/** When the period of an account is over everywhere: then nobody asks about it any more. */
export const quotaEnds: Migration = {
  number: 4,
  name: 'quota-ends',
  async up(schema) {
    await schema.column('journal_quotas', 'ends_at', schema.types.whole)
    await schema.index('journal_quotas_by_end', 'journal_quotas', ['ends_at'])
  },
}
