import { sql } from 'kysely'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { parseRecordingId, type RecordingId } from '../../domain/ids.ts'
import type { KeyCheck } from '../../domain/key-check.ts'
import { recipientSet } from '../../domain/recipients.ts'
import type { HeaderReplacement, KeyCatalogue, RecipientSet, SealedHeader } from '../../ports/key-catalogue.ts'
import type { AuditChain } from './audit-chain.ts'
import { boundedName } from './bounded-name.ts'
import { insertIfAbsent, locked, together } from './portable.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { KeyCheckRow } from './tables.ts'

/** Draws for each recording that is wanted: where calls lie close together, many draws meet the same one. */
const DRAWS_PER_RECORDING = 4
/** All at once would hold the database for ten seconds at a million recordings (measured), and ingest and audit with it. */
const QUEUED_AT_ONCE = 1000
/** States in which a recording has a sealed object. */
const SEALED_STATES = ['stored', 'archived'] as const

export class SqlKeyCatalogue implements KeyCatalogue {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async recipientSets(): Promise<readonly RecipientSet[]> {
    const counts = await this.#database.read((tx) => writtenSets(tx))
    const sets = new Map<string, RecipientSet>()
    for (const { text, recordings } of counts) {
      const recipients = recipientsOf(text)
      const key = recipientSet(recipients)
      sets.set(key, { recipients, recordings: recordings + (sets.get(key)?.recordings ?? 0) })
    }
    return [...sets.values()].toSorted((one, other) => other.recordings - one.recordings)
  }

  header(id: RecordingId): Promise<SealedHeader | null> {
    return this.#database.read((tx) => headerOf(tx, Number(id)))
  }

  async sample(size: number, draw: () => number): Promise<readonly SealedHeader[]> {
    return await this.#database.read(async (tx) => {
      const ends = await tx.selectFrom('media').select((select) => [select.fn.min('recording_id').as('oldest'), select.fn.max('recording_id').as('newest')]).executeTakeFirst()
      if (ends?.oldest === undefined || ends.oldest === null || ends.newest === null) return []
      const { oldest, newest } = ends
      const found = new Map<number, SealedHeader>()
      const take = async (from: number, direction: 'onwards' | 'back'): Promise<void> => {
        const header = await nextHeader(tx, from, direction)
        if (header !== null && found.size < size) found.set(Number(header.recordingId), header)
      }
      await take(newest, 'back')
      await take(oldest, 'onwards')
      // Ids grow with time, so that a place among the ids is a time.
      for (let draws = size * DRAWS_PER_RECORDING; draws > 0 && found.size < size; draws -= 1) await take(oldest + Math.floor(draw() * (newest - oldest + 1)), 'onwards')
      if (found.size < size) for (const row of await othersThan(tx, [...found.keys()], size - found.size)) found.set(row.recording_id, sealedRow(row))
      return [...found.values()].toSorted((one, other) => Number(one.recordingId) - Number(other.recordingId))
    })
  }

  async queueRotation(sets: readonly RecipientSet[], runAt: Date): Promise<void> {
    const wanted = new Set(sets.map(({ recipients }) => recipientSet(recipients)))
    const texts = (await this.#database.read(writtenSets)).map(({ text }) => text).filter((text) => wanted.has(recipientSet(recipientsOf(text))))
    for (let after: number | null = texts.length === 0 ? null : -1; after !== null;) after = await this.#queuePage({ texts, after, at: runAt.getTime() })
  }

  /** @returns the last recording that was queued; `null`: there are no more */
  #queuePage({ texts, after, at }: { readonly texts: readonly string[]; readonly after: number; readonly at: number }): Promise<number | null> {
    return this.#database.change(async (tx) => {
      const page = headersInForce(tx).where('media_headers.recipients_json', 'in', texts).where('media.recording_id', '>', after).orderBy('media.recording_id').limit(QUEUED_AT_ONCE)
      const ids = await page.select('media.recording_id').execute()
      if (ids.length === 0) return null
      const jobs = ids.map(({ recording_id: id }) => ({ kind: 'rotate', recording_id: id, due_at: at, available_at: at, leased_by: null, attempts: 0, last_error: null }))
      await insertIfAbsent(tx, tx.insertInto('jobs').values(jobs), { kind: sql.ref<string>('kind') }).execute()
      return ids.at(-1)?.recording_id ?? null
    })
  }

  async replaceHeader(replaced: SealedHeader, { header, recipients, at }: Parameters<KeyCatalogue['replaceHeader']>[1]): Promise<HeaderReplacement> {
    const id = Number(replaced.recordingId)
    return await this.#database.change(async (tx) => {
      // The recording's row is what its destroyer holds, too: a header that is written after that would bring it back.
      const row = await locked(tx, tx.selectFrom('recordings').select('state').where('id', '=', id)).executeTakeFirst()
      const current = await headerOf(tx, id)
      if (current === null || !SEALED_STATES.some((state) => state === row?.state)) return 'gone'
      // Archived meanwhile: the new header belongs beside the payload as it lies now.
      if (current.version !== replaced.version || current.payloadName !== replaced.payloadName) return 'moved'
      const version = current.version + 1
      await together(tx, [
        tx.insertInto('media_headers').values({ recording_id: id, version, header, recipients_json: JSON.stringify(recipients), written_at: at.getTime() }),
        tx.updateTable('media').set({ header_version: version }).where('recording_id', '=', id),
      ])
      return 'replaced'
    })
  }

  async forgetHeadersBefore(id: RecordingId, version: number): Promise<void> {
    await this.#database.change(async (tx) => {
      const current = await headerOf(tx, Number(id))
      if (current?.version === version) await tx.deleteFrom('media_headers').where('recording_id', '=', Number(id)).where('version', '<', version).execute()
    })
  }

  async keepChecks(checks: readonly KeyCheck[], audit: readonly AuditDraft[]): Promise<void> {
    await this.#database.change(async (tx) => {
      if (checks.length > 0) await tx.insertInto('key_checks').values(checks.map(rowOf)).execute()
      await this.#chain.append(tx, audit)
    })
  }

  async lastChecks(): Promise<readonly KeyCheck[]> {
    const rows = await this.#database.ask((db) => db.selectFrom('key_checks').selectAll().orderBy('id').execute())
    return [...new Map(rows.map((row) => [row.recipient, checkOf(row)])).values()]
  }
}

function headersInForce(tx: Tx) {
  return tx.selectFrom('media').innerJoin('media_headers', (join) => join
    .onRef('media_headers.recording_id', '=', 'media.recording_id').onRef('media_headers.version', '=', 'media.header_version'))
}

/** As they were written: two orders of one set are two texts. */
async function writtenSets(tx: Tx): Promise<readonly { readonly text: string; readonly recordings: number }[]> {
  return await headersInForce(tx).groupBy('media_headers.recipients_json')
    .select((select) => ['media_headers.recipients_json as text', select.fn.countAll<number>().as('recordings')]).execute()
}

function sealedHeaders(tx: Tx) {
  return headersInForce(tx).select(['media.recording_id', 'media.payload_name', 'media.header_version', 'media_headers.header', 'media_headers.recipients_json'])
}

type HeaderRow = Awaited<ReturnType<ReturnType<typeof sealedHeaders>['executeTakeFirstOrThrow']>>

async function headerOf(tx: Tx, id: number): Promise<SealedHeader | null> {
  return sealedOf(await sealedHeaders(tx).where('media.recording_id', '=', id).executeTakeFirst())
}

async function nextHeader(tx: Tx, from: number, direction: 'onwards' | 'back'): Promise<SealedHeader | null> {
  const onwards = direction === 'onwards'
  return sealedOf(await sealedHeaders(tx).where('media.recording_id', onwards ? '>=' : '<=', from).orderBy('media.recording_id', onwards ? 'asc' : 'desc').limit(1).executeTakeFirst())
}

/** What chance passed by: of few recordings, all are wanted. */
async function othersThan(tx: Tx, found: readonly number[], limit: number): Promise<readonly HeaderRow[]> {
  return await sealedHeaders(tx).where('media.recording_id', 'not in', found).orderBy('media.recording_id').limit(limit).execute()
}

function sealedOf(row: HeaderRow | undefined): SealedHeader | null {
  return row === undefined ? null : sealedRow(row)
}

function sealedRow(row: HeaderRow): SealedHeader {
  return { recordingId: parseRecordingId(String(row.recording_id)), payloadName: row.payload_name, version: row.header_version, header: row.header, recipients: recipientsOf(row.recipients_json) }
}

function recipientsOf(text: string): readonly string[] {
  return JSON.parse(text) as string[]
}

function rowOf({ recipient, checkedAt, by, sampled, opened, foreign, failed }: KeyCheck): Omit<KeyCheckRow, 'id'> {
  return { recipient, checked_at: checkedAt.getTime(), checked_by: boundedName(by), sampled, opened, foreign_count: foreign, failed }
}

function checkOf({ recipient, checked_at: at, checked_by: by, sampled, opened, foreign_count: foreign, failed }: Omit<KeyCheckRow, 'id'>): KeyCheck {
  return { recipient, checkedAt: new Date(at), by, sampled, opened, foreign, failed }
}
