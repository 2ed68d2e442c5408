import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** By what audit entries are found besides their own columns, of those from before, too: their customers under the key that is the default. */
export const auditWords: Migration = {
  number: 13,
  name: 'audit-words',
  async up(schema) {
    const { key, name, whole } = schema.types
    await schema.table('audit_words', 'clustered', (table) => table
      .addColumn('kind', name, (column) => column.notNull())
      .addColumn('value', key, (column) => column.notNull())
      .addColumn('position', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_words_key', ['kind', 'value', 'position']))
    await schema.index('audit_words_by_entry', 'audit_words', ['position'])
    await schema.index('audit_entries_by_outcome', 'audit_entries', ['outcome', 'position'])
    await schema.index('audit_entries_by_object_type', 'audit_entries', ['object_type', 'position'])
    await schema.index('audit_entries_by_actor_type', 'audit_entries', ['actor_type', 'position'])
    for (const [kind, column, path] of FORMER) {
      const value = schema.jsonText(sql.ref(column), path)
      await schema.fill(sql`insert into audit_words (kind, value, position) select distinct ${sql.lit(kind)}, ${schema.asBytes(value)}, e.position
        from audit_entries e left join audit_personal p on p.chain = e.chain and p.sequence = e.sequence
        where ${value} is not null and length(${value}) between 1 and 100 and not exists (select 1 from audit_words w where w.position = e.position and w.kind = ${sql.lit(kind)} and w.value = ${schema.asBytes(value)})`)
    }
    await schema.fill(sql`insert into audit_words (kind, value, position) select 'recording', ${schema.asBytes(sql.ref('e.object_id'))}, e.position from audit_entries e
      where e.object_type = 'recording' and not exists (select 1 from audit_words w where w.position = e.position and w.kind = 'recording')`)
    await schema.fill(sql`insert into audit_words (kind, value, position) select 'reason', ${schema.asBytes(sql.ref('e.reason'))}, e.position from audit_entries e
      where length(e.reason) between 1 and 100 and not exists (select 1 from audit_words w where w.position = e.position and w.kind = 'reason')`)
  },
}

const FORMER = [
  ['interaction', 'e.details_json', '$.interactionId'],
  ['address', 'p.personal_json', '$.address'],
  ['number', 'p.personal_json', '$.caller'],
  ['number', 'p.personal_json', '$.callee'],
  ['customer', 'p.personal_json', '$."attached.CUSTOMER_ID"'],
] as const
