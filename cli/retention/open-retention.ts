import { randomUUID } from 'node:crypto'
import type { Settings } from '../../config/settings.ts'
import type { RecordingArchiver } from '../../core/ports/archive.ts'
import type { HoldRegister } from '../../core/ports/hold-register.ts'
import type { RecordingDestroyer } from '../../core/ports/recording-destroyer.ts'
import type { RetentionControl } from '../../core/ports/retention-control.ts'
import type { RetentionStore } from '../../core/ports/retention-store.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { RetentionPlanner } from '../../core/retention/retention-planner.ts'
import { RetentionRunner } from '../../core/retention/retention-run.ts'
import { RetentionWatch } from './retention-watch.ts'
import { readDraft, type RulesInForce } from './rules-in-force.ts'

interface RetentionSurroundings {
  readonly inForce: RulesInForce
  readonly store: RetentionStore
  readonly holds: HoldRegister
  readonly destroyer: RecordingDestroyer
  /** `null`: the settings name no target to archive to. */
  readonly archiver: RecordingArchiver | null
  readonly runtime: Runtime
}

/** Planning, carrying out and watching over retention, tied together. */
export interface Retention {
  readonly control: RetentionControl
  readonly runner: RetentionRunner
  readonly watch: RetentionWatch
  /** Reads the file of the rules again. Never rejects. */
  reload(): Promise<void>
}

export function openRetention({ node, retention }: Pick<Settings, 'node' | 'retention'>, { inForce, store, holds, destroyer, archiver, runtime }: RetentionSurroundings): Retention {
  const runner = new RetentionRunner({ store, holds, destroyer, archiver, runtime, owner: `${node.name}-${randomUUID()}` })
  return {
    control: new RetentionPlanner({ store, holds, archive: archiver === null ? 'none' : 'there', clock: runtime.clock, standing: () => inForce.rules, read: readDraft }),
    runner,
    reload: () => inForce.reload(),
    watch: new RetentionWatch({ ...retention, rules: () => inForce.rules, store, runner, runtime }),
  }
}
