import type { Migration, SchemaWriter } from './migration.ts'

/** The whole model of a recording, also where nothing fills it yet: later versions add, they do not rebuild. */
export const recordings: Migration = {
  number: 1,
  name: 'recordings',
  async up(schema) {
    await interactions(schema)
    await recordingsTable(schema)
    await segments(schema)
    await pausesAndParties(schema)
    await changesAndFindings(schema)
    await media(schema)
    await search(schema)
  },
}

async function interactions(schema: SchemaWriter): Promise<void> {
  const { name, whole } = schema.types
  await schema.table('interactions', 'clustered', (table) => table
    .addColumn('id', name, (column) => column.notNull().primaryKey())
    .addColumn('root_id', name, (column) => column.notNull())
    .addColumn('merged_into_id', name)
    .addColumn('started_at', whole, (column) => column.notNull())
    .addColumn('ended_at', whole))
  await schema.index('interactions_by_root', 'interactions', ['root_id'])
}

async function recordingsTable(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('recordings', 'by-rowid', (table) => table
    .addColumn('id', whole, (column) => column.notNull().primaryKey())
    .addColumn('interaction_id', name, (column) => column.notNull())
    .addColumn('pbx_id', name, (column) => column.notNull())
    .addColumn('site', text)
    .addColumn('call_id', name, (column) => column.notNull())
    .addColumn('channel_id', name, (column) => column.notNull())
    .addColumn('side', name, (column) => column.notNull())
    .addColumn('origin', name, (column) => column.notNull())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('reason', name)
    .addColumn('direction', name, (column) => column.notNull())
    .addColumn('caller_number', text)
    .addColumn('caller_name', text)
    .addColumn('callee_number', text)
    .addColumn('callee_name', text)
    .addColumn('agent', text)
    .addColumn('queue', text)
    .addColumn('requested_at', whole, (column) => column.notNull())
    .addColumn('started_at', whole, (column) => column.notNull())
    .addColumn('answered_at', whole)
    .addColumn('ended_at', whole)
    .addColumn('duration_ms', whole)
    .addColumn('rule', text, (column) => column.notNull())
    .addColumn('policy_version', text, (column) => column.notNull())
    .addColumn('retention_class', name)
    .addColumn('partitions_json', text, (column) => column.notNull())
    .addColumn('labels_json', text, (column) => column.notNull())
    .addColumn('decision_json', text, (column) => column.notNull())
    .addColumn('announcement_json', text)
    .addColumn('attached_json', text, (column) => column.notNull()))
  await schema.index('recordings_by_state', 'recordings', ['state', 'id'])
  await schema.index('recordings_by_interaction', 'recordings', ['interaction_id', 'id'])
}

async function segments(schema: SchemaWriter): Promise<void> {
  const { key, name, text, whole } = schema.types
  await schema.table('segments', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('segment_index', whole, (column) => column.notNull())
    .addColumn('channel_id', name, (column) => column.notNull())
    .addColumn('received_name', text, (column) => column.notNull())
    .addColumn('transmitted_name', text, (column) => column.notNull())
    .addColumn('recorder_id', text)
    .addColumn('started_at', whole, (column) => column.notNull())
    .addColumn('answered_at', whole)
    .addColumn('ended_at', whole)
    .addPrimaryKeyConstraint('segments_key', ['recording_id', 'segment_index'])
    .addForeignKeyConstraint('segments_of_recording', ['recording_id'], 'recordings', ['id']))
  await schema.table('spool_files', 'clustered', (table) => table
    .addColumn('name', key, (column) => column.notNull())
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('spool_files_key', ['name', 'recording_id']))
}

async function pausesAndParties(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('pauses', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('pause_index', whole, (column) => column.notNull())
    .addColumn('asked_by', text, (column) => column.notNull())
    .addColumn('how', name, (column) => column.notNull())
    .addColumn('asked_at', whole, (column) => column.notNull())
    .addColumn('effective_at', whole)
    .addColumn('limit_ms', whole)
    .addColumn('warned_at', whole)
    .addColumn('resume_by', text)
    .addColumn('resume_asked_at', whole)
    .addColumn('resumed_at', whole)
    .addPrimaryKeyConstraint('pauses_key', ['recording_id', 'pause_index'])
    .addForeignKeyConstraint('pauses_of_recording', ['recording_id'], 'recordings', ['id']))
  await schema.table('parties', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('party_index', whole, (column) => column.notNull())
    .addColumn('channel_id', name, (column) => column.notNull())
    .addColumn('side', name, (column) => column.notNull())
    .addColumn('number', text)
    .addColumn('name', text)
    .addColumn('endpoint', text)
    .addColumn('from_at', whole, (column) => column.notNull())
    .addColumn('to_at', whole)
    .addPrimaryKeyConstraint('parties_key', ['recording_id', 'party_index'])
    .addForeignKeyConstraint('parties_of_recording', ['recording_id'], 'recordings', ['id']))
}

async function changesAndFindings(schema: SchemaWriter): Promise<void> {
  const { name, text, whole } = schema.types
  await schema.table('attached_changes', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('change_index', whole, (column) => column.notNull())
    .addColumn('key_name', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addColumn('source', name, (column) => column.notNull())
    .addColumn('changed_at', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('attached_changes_key', ['recording_id', 'change_index'])
    .addForeignKeyConstraint('attached_changes_of_recording', ['recording_id'], 'recordings', ['id']))
  await schema.table('findings', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('finding_index', whole, (column) => column.notNull())
    .addColumn('code', name, (column) => column.notNull())
    .addColumn('segment_index', whole)
    .addColumn('details_json', text, (column) => column.notNull())
    .addColumn('found_at', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('findings_key', ['recording_id', 'finding_index'])
    .addForeignKeyConstraint('findings_of_recording', ['recording_id'], 'recordings', ['id']))
}

/** The sealed form in its two parts: the payload by name, the header by version. */
async function media(schema: SchemaWriter): Promise<void> {
  const { bytes, name, text, whole } = schema.types
  await schema.table('media', 'by-rowid', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull().primaryKey())
    .addColumn('format', name, (column) => column.notNull())
    .addColumn('channels', whole, (column) => column.notNull())
    .addColumn('sample_rate_hz', whole, (column) => column.notNull())
    .addColumn('began_at', whole, (column) => column.notNull())
    .addColumn('duration_ms', whole, (column) => column.notNull())
    .addColumn('size_bytes', whole, (column) => column.notNull())
    .addColumn('sha256', name, (column) => column.notNull())
    .addColumn('payload_name', name, (column) => column.notNull())
    .addColumn('payload_size_bytes', whole, (column) => column.notNull())
    .addColumn('payload_sha256', name, (column) => column.notNull())
    .addColumn('header_version', whole, (column) => column.notNull())
    .addColumn('peaks_json', text, (column) => column.notNull())
    .addColumn('peak_stretch_ms', whole, (column) => column.notNull())
    .addColumn('stored_at', whole, (column) => column.notNull())
    .addForeignKeyConstraint('media_of_recording', ['recording_id'], 'recordings', ['id']))
  await schema.table('media_headers', 'clustered', (table) => table
    .addColumn('recording_id', whole, (column) => column.notNull())
    .addColumn('version', whole, (column) => column.notNull())
    .addColumn('header', bytes, (column) => column.notNull())
    .addColumn('recipients_json', text, (column) => column.notNull())
    .addColumn('written_at', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('media_headers_key', ['recording_id', 'version'])
    .addForeignKeyConstraint('media_headers_of_recording', ['recording_id'], 'recordings', ['id']))
}

/** Without foreign keys: these are written most, and always in the transaction of their recording. */
async function search(schema: SchemaWriter): Promise<void> {
  const { key, name, whole } = schema.types
  await schema.table('attached', 'clustered', (table) => table
    .addColumn('k', name, (column) => column.notNull())
    .addColumn('v', key, (column) => column.notNull())
    .addColumn('id', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('attached_key', ['k', 'v', 'id']))
  await schema.table('access', 'clustered', (table) => table
    .addColumn('scope', name, (column) => column.notNull())
    .addColumn('value', key, (column) => column.notNull())
    .addColumn('id', whole, (column) => column.notNull())
    .addPrimaryKeyConstraint('access_key', ['scope', 'value', 'id']))
}
