import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Longest label that a key keeps whole: see `searchKey`. Those of before that are longer are found by no search. */
const WHOLE_BYTES = 223

/** Recordings are found by their labels; and what rules gave stands apart from what people do. Who gave those of before, nobody knows: they count as of rules. */
export const labels: Migration = {
  number: 22,
  name: 'labels',
  async up(schema) {
    await schema.column('recordings', 'rule_labels_json', schema.types.text)
    await schema.fill(sql`update recordings set rule_labels_json = labels_json where rule_labels_json is null`)
    const label = sql.ref('element.value')
    await schema.fill(sql`insert into attached (k, v, id) select distinct '@label', ${schema.asBytes(label)}, r.id
      from recordings r, ${schema.elements(sql.ref('r.labels_json'))} as element
      where length(${schema.asBytes(label)}) <= ${sql.lit(WHOLE_BYTES)} and not exists (select 1 from attached a where a.k = '@label' and a.v = ${schema.asBytes(label)} and a.id = r.id)`)
  },
}
