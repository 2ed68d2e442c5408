import type { NodeName } from '../core/domain/ids.ts'
import type { CaptureJournal } from '../core/ports/capture-journal.ts'
import type { RecordingRepository } from '../core/ports/recording-repository.ts'
import type { Runtime } from '../core/ports/runtime.ts'

interface Parts {
  readonly journal: Pick<CaptureJournal, 'id' | 'forwardedBeyond'>
  readonly repository: Pick<RecordingRepository, 'position'>
  readonly node: NodeName
  readonly runtime: Pick<Runtime, 'log' | 'metrics'>
}

/**
 * A catalogue that took less than the journal has told it was put back to an earlier time, is another one, or lost what it had committed.
 * Nobody tells it again; that it lacks something must be said, before what follows hides it. @throws HoldfastError `STORE_FAILED`
 */
export async function tellWhatIsMissing({ journal, repository, node, runtime: { log, metrics } }: Parts): Promise<void> {
  const position = await repository.position({ node, journal: await journal.id() })
  const { count, firstAt } = await journal.forwardedBeyond(position)
  metrics.gauge('holdfast_catalogue_facts_missing', count)
  if (count > 0) log.error({ facts: count, since: firstAt?.toISOString() ?? null }, 'the catalogue lacks facts that this node had told it: it was put back to an earlier time, or is another one. What it lacks is not told again: docs/mariadb.md, "Putting it back"')
}
