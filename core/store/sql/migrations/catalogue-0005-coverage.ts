import type { Migration } from './migration.ts'

/** The coverage ledger: what was to be heard, what of it was sealed, and when nobody saw. */
export const coverage: Migration = {
  number: 5,
  name: 'coverage',
  async up(schema) {
    const { name, text, whole } = schema.types
    await schema.table('coverage_expectations', 'clustered', (table) => table
      .addColumn('pbx_id', name, (column) => column.notNull())
      .addColumn('channel_id', name, (column) => column.notNull())
      .addColumn('side', name, (column) => column.notNull())
      .addColumn('from_at', whole, (column) => column.notNull())
      .addColumn('call_id', name, (column) => column.notNull())
      .addColumn('interaction_id', name, (column) => column.notNull())
      .addColumn('rule', text, (column) => column.notNull())
      .addColumn('policy_version', text, (column) => column.notNull())
      .addColumn('evidence', name, (column) => column.notNull())
      .addColumn('answered_at', whole)
      .addColumn('to_at', whole)
      .addColumn('end_reason', name)
      .addColumn('settled_at', whole)
      .addColumn('overdue_at', whole)
      .addColumn('wanted_ms', whole)
      .addColumn('covered_ms', whole)
      .addColumn('missing_ms', whole)
      .addPrimaryKeyConstraint('coverage_expectations_key', ['pbx_id', 'channel_id', 'side', 'from_at']))
    await schema.index('coverage_expectations_by_time', 'coverage_expectations', ['from_at'])
    await schema.index('coverage_expectations_unsettled', 'coverage_expectations', ['settled_at', 'to_at'])
    await schema.table('coverage_gaps', 'clustered', (table) => table
      .addColumn('pbx_id', name, (column) => column.notNull())
      .addColumn('channel_id', name, (column) => column.notNull())
      .addColumn('side', name, (column) => column.notNull())
      .addColumn('from_at', whole, (column) => column.notNull())
      .addColumn('gap_index', whole, (column) => column.notNull())
      .addColumn('began_at', whole, (column) => column.notNull())
      .addColumn('ended_at', whole, (column) => column.notNull())
      .addColumn('why', name, (column) => column.notNull())
      .addPrimaryKeyConstraint('coverage_gaps_key', ['pbx_id', 'channel_id', 'side', 'from_at', 'gap_index']))
    await schema.index('coverage_gaps_by_time', 'coverage_gaps', ['from_at'])
    await schema.table('coverage_windows', 'clustered', (table) => table
      .addColumn('pbx_id', name, (column) => column.notNull())
      .addColumn('from_at', whole, (column) => column.notNull())
      .addColumn('to_at', whole)
      .addColumn('because', name, (column) => column.notNull())
      .addColumn('calls_found', whole, (column) => column.notNull())
      .addPrimaryKeyConstraint('coverage_windows_key', ['pbx_id', 'from_at']))
    await schema.table('segment_sounds', 'clustered', (table) => table
      .addColumn('recording_id', whole, (column) => column.notNull())
      .addColumn('segment_index', whole, (column) => column.notNull())
      .addColumn('began_at', whole, (column) => column.notNull())
      .addColumn('duration_ms', whole, (column) => column.notNull())
      .addColumn('lanes', name, (column) => column.notNull())
      .addPrimaryKeyConstraint('segment_sounds_key', ['recording_id', 'segment_index']))
    await schema.index('segments_by_channel', 'segments', ['channel_id'])
  },
}
