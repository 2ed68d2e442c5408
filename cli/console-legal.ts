import type { Settings } from '../config/settings.ts'
import { DEFAULT_ROLES, type Requester } from '../core/domain/actor.ts'
import { AttachedVisibility } from '../core/library/policy/attached-visibility.ts'
import { AuditErasure } from '../core/library/audit/audit-erasure.ts'
import { AuditWriter } from '../core/library/audit/audit-writer.ts'
import { Labelling } from '../core/library/legal/labelling.ts'
import { LegalHolds } from '../core/library/legal/legal-holds.ts'
import { SubjectErasure } from '../core/library/legal/subject-erasure.ts'
import { RecordingDeletion } from '../core/library/legal/recording-deletion.ts'
import { InProcessRecordingChanges } from '../core/store/in-process-recording-changes.ts'
import type { RecordingDestruction } from '../core/retention/destroy-recording.ts'
import { consoleActor } from './console-actor.ts'
import { type ConsoleStore, openConsoleStore } from './console-store.ts'
import { receiptSigner } from './open-destroyer.ts'
import { openBlobs } from './open-blobs.ts'
import { openPbx } from './open-pbx.ts'
import { openDestruction } from './retention/open-destruction.ts'
import type { Retention } from './retention/open-retention.ts'
import { consoleRuntime } from './runtime/service-runtime.ts'

/** Whoever sits at the console reaches the catalogue's file, and so everything in it; she does what a compliance officer does, under her own name. */
export function consoleOfficer(): Requester {
  return { actor: consoleActor(), role: DEFAULT_ROLES['compliance-officer'], label: '', reach: 'all', units: [], binding: null, address: 'local' }
}

/** Holds and destruction at the console, beside a running service. */
export interface ConsoleLegal extends AsyncDisposable {
  readonly store: ConsoleStore
  readonly officer: Requester
  readonly labelling: Labelling
  readonly holds: LegalHolds
  readonly deletion: RecordingDeletion
  readonly destroyer: RecordingDestruction
  readonly subjectErasure: SubjectErasure
  readonly retention: Retention
}

/** @throws HoldfastError as {@link openConsoleStore}; `KEY_FILE_INVALID` */
export async function openConsoleLegal(settings: Settings): Promise<ConsoleLegal> {
  const runtime = consoleRuntime()
  const store = await openConsoleStore(settings)
  // Opened for their spools alone: no link is made.
  const pbxs = await Promise.all(settings.pbxs.map((pbx) => openPbx(pbx, settings, runtime)))
  const close = async (): Promise<void> => {
    await Promise.all(pbxs.map((pbx) => pbx.close()))
    await store[Symbol.asyncDispose]()
  }
  try {
    const { repository, holds, destructions: ledger } = store
    const audit = new AuditWriter({ audit: store.audit, runtime })
    const visibility = new AttachedVisibility(() => settings)
    const { destroyer, retention } = await openDestruction(settings, {
      ledger, archived: store.archived, retention: store.retention, holds, blobs: openBlobs(settings).blobs, spoolOf: (pbxId) => pbxs.find(({ settings: { id } }) => id === pbxId)?.source ?? null,
      changes: new InProcessRecordingChanges(), playback: () => null, runtime,
    }, 'console')
    return {
      store, destroyer, officer: consoleOfficer(),
      retention,
      labelling: new Labelling({ labels: store.labels, repository, changes: new InProcessRecordingChanges(), audit, clock: runtime.clock }),
      holds: new LegalHolds({ holds, repository, visibility, audit, clock: runtime.clock }),
      subjectErasure: new SubjectErasure({
        index: store.subjects, repository, destroyer, auditErasure: new AuditErasure({ log: store.audit, clock: runtime.clock }), customerIdKey: settings.audit.customerIdKey,
        signer: await receiptSigner(settings.dataDirectory), installation: settings.node.name, audit, clock: runtime.clock,
      }),
      deletion: new RecordingDeletion({ destroyer, ledger, repository, audit }),
      [Symbol.asyncDispose]: async () => {
        await destroyer.settle()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
