import type { Settings } from '../../config/settings.ts'
import type { ArchiveLedger } from '../../core/ports/archive-ledger.ts'
import type { HoldRegister } from '../../core/ports/hold-register.ts'
import type { RetentionStore } from '../../core/ports/retention-store.ts'
import type { RecordingArchive } from '../../core/retention/archive-recordings.ts'
import type { RecordingDestruction } from '../../core/retention/destroy-recording.ts'
import { consoleActor } from '../console-actor.ts'
import { openArchive } from '../open-archive.ts'
import { type DestroyerSurroundings, openDestroyer } from '../open-destroyer.ts'
import { openRetention, type Retention } from './open-retention.ts'
import { RulesInForce } from './rules-in-force.ts'

interface Surroundings extends Omit<DestroyerSurroundings, 'keptUntil' | 'holds'> {
  readonly holds: HoldRegister
  readonly retention: RetentionStore
  readonly archived: ArchiveLedger
}

interface Destroying {
  readonly destroyer: RecordingDestruction
  readonly retention: Retention
  /** `null`: the settings name none. */
  readonly archive: RecordingArchive | null
}

/** Whatever destroys recordings here, and the rules that it asks. */
export async function openDestruction(settings: Settings, { retention: store, archived, ...around }: Surroundings, by: 'service' | 'console'): Promise<Destroying> {
  const { runtime, holds } = around
  const inForce = await RulesInForce.begin(settings.retention, { store, runtime, by: by === 'console' ? consoleActor() : { type: 'system', id: settings.node.name } })
  const destroyer = await openDestroyer(settings, { ...around, keptUntil: (recording) => inForce.keptUntil(recording) })
  const archive = await openArchive(settings, { ...around, ledger: archived })
  return { destroyer, archive, retention: openRetention(settings, { inForce, store, holds, destroyer, archiver: archive, runtime }) }
}
