import type { Recording } from '../domain/recording.ts'
import type { RecordingSource, SpoolFile } from '../ports/recording-source.ts'
import { auditOnce, draft } from './catalogue.ts'
import type { IngestSurroundings } from './ingest-surroundings.ts'
import type { Sealed } from './mark-data.ts'
import { type SeenFiles, present, spoolNames, unread } from './spool-names.ts'

export interface SpoolRemoval {
  readonly recording: Recording
  readonly source: RecordingSource
  readonly signal: AbortSignal
  readonly around: Pick<IngestSurroundings, 'audit' | 'clock' | 'log' | 'metrics'>
}

const NOTHING_SEEN: SeenFiles = { read: [] }

/**
 * Removes what was read, and nothing else: a file that came too late may be the only copy of a voice. It stays, and the audit says so.
 * What failed keeps all its files: there may be sound in them that somebody can save. May run twice.
 * @param sealed - what became of the sound; `null` when this job never looked at it
 * @throws HoldfastError `SPOOL_UNREACHABLE` when the files cannot be removed yet
 */
export async function removeSpool(removal: SpoolRemoval, sealed: Sealed | null): Promise<void> {
  const { recording, source, signal } = removal
  if (sealed === null && recording.state === 'not-recorded') return discard(removal)
  if (sealed?.outcome === 'quarantined' || (sealed?.outcome === 'nothing' && sealed.state === 'failed')) return
  const files = sealed?.files ?? NOTHING_SEEN
  const late = await unread(recording, files, { source, signal })
  if (late.length > 0) await tellUnread(removal, late)
  await removeAll(removal, files.read)
}

/** Sound of a call that was declined after it had begun to be recorded: thrown away, and said so first. */
async function discard(removal: SpoolRemoval): Promise<void> {
  const { recording, source, signal, around: { audit, clock } } = removal
  const names = spoolNames(recording)
  const sizeBytes = sizeOf(await present(names, source, signal))
  if (sizeBytes > 0) await audit.append(draft(recording, { at: clock.now(), action: 'recording.discarded', outcome: 'ok', reason: recording.reason, details: { sizeBytes } }))
  await removeAll(removal, names)
}

async function removeAll({ source, signal }: SpoolRemoval, names: readonly string[]): Promise<void> {
  // A spool that went away looks as if they were gone, and comes back with them.
  if (names.length > 0 && (await present(names, source, signal)).length === 0) await source.list(signal)
  for (const name of names) await source.remove(name, signal)
}

async function tellUnread({ recording, around: { audit, clock, log, metrics } }: SpoolRemoval, late: readonly SpoolFile[]): Promise<void> {
  const details = { files: late.length, sizeBytes: sizeOf(late) }
  log.error({ recordingId: recording.id, ...details }, 'spool files turned up after their recording was brought in; they stay')
  metrics.count('holdfast_ingest_unread_total')
  await auditOnce(draft(recording, { at: clock.now(), action: 'recording.incident', outcome: 'failed', reason: 'spool-file-unread', details }), audit)
}

function sizeOf(files: readonly SpoolFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
