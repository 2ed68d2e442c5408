import type { Settings } from '../../config/settings.ts'
import type { HoldRegister } from '../../core/ports/hold-register.ts'
import type { RetentionStore } from '../../core/ports/retention-store.ts'
import type { RecordingDestruction } from '../../core/retention/destroy-recording.ts'
import { consoleActor } from '../console-actor.ts'
import { type DestroyerSurroundings, openDestroyer } from '../open-destroyer.ts'
import { openRetention, type Retention } from './open-retention.ts'
import { rulesInForce } from './rules-in-force.ts'

interface Surroundings extends Omit<DestroyerSurroundings, 'keptUntil' | 'holds'> {
  readonly holds: HoldRegister
  readonly retention: RetentionStore
}

/** Whatever destroys recordings here, and the rules that it asks. */
export async function openDestruction(settings: Settings, { retention: store, ...around }: Surroundings, by: 'service' | 'console'): Promise<{ readonly destroyer: RecordingDestruction; readonly retention: Retention }> {
  const { runtime, holds } = around
  const inForce = await rulesInForce(settings.retention, { store, runtime, by: by === 'console' ? consoleActor() : { type: 'system', id: settings.node.name } })
  const destroyer = await openDestroyer(settings, { ...around, keptUntil: (recording) => inForce.keptUntil(recording) })
  return { destroyer, retention: openRetention(settings, { inForce, store, holds, destroyer, archiver: null, runtime }) }
}
