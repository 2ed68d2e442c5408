import type { Settings } from '../../config/settings.ts'
import type { Requester } from '../../core/domain/actor.ts'
import { AttachedVisibility } from '../../core/library/policy/attached-visibility.ts'
import { AuditProofs } from '../../core/library/audit/audit-proofs.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { Exports } from '../../core/library/export/exports.ts'
import { ExportWorker } from '../../core/library/export/export-worker.ts'
import { Hearing } from '../../core/library/access/hearing.ts'
import { Organisations } from '../../core/library/people/organisations.ts'
import { PackageMaker } from '../../core/library/export/package-maker.ts'
import { consoleOfficer } from '../console-legal.ts'
import { openConsoleStore } from '../console-store.ts'
import { openKeys } from '../keys/open-keys.ts'
import { openBlobs } from '../open-blobs.ts'
import { receiptSigner } from '../open-destroyer.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'
import { openPackages } from './open-exports.ts'

/** Exports at the console, beside a running service. */
export interface ConsoleExports extends AsyncDisposable {
  readonly officer: Requester
  readonly exports: Exports
  readonly worker: ExportWorker
}

/** @throws HoldfastError `STORE_FAILED`; `KEY_FILE_INVALID`; `NO_RECIPIENT` */
export async function openConsoleExports(settings: Settings): Promise<ConsoleExports> {
  const runtime = consoleRuntime()
  const { cipher } = await openKeys(settings)
  const store = await openConsoleStore(settings)
  const { repository } = store
  const packages = openPackages(settings, { register: store.exports, wake: () => undefined })
  const audit = new AuditWriter({ audit: store.audit, runtime })
  const visibility = new AttachedVisibility(() => settings)
  // Whoever sits at the console is who she is; orders of others are left to the service.
  const authentication = { again: async (requester: Requester) => await Promise.resolve(requester.actor.type === 'cli' ? requester : null) }
  const maker = new PackageMaker({
    ...packages, repository, blobs: openBlobs(settings).blobs, cipher, authentication, hearing: new Hearing(new Organisations(store.people)), visibility, log: store.audit,
    proofs: new AuditProofs({ evidence: store.evidence, audit, visibility }), signer: await receiptSigner(settings.dataDirectory), installation: settings.node.name, playArchived: settings.archive?.play ?? true,
    policyVersion: () => settings.policy.version, clock: runtime.clock,
  })
  return {
    officer: consoleOfficer(),
    exports: new Exports({ ...packages, repository, cipher, authentication, visibility, maker, audit, runtime }),
    worker: new ExportWorker({ ...packages, maker, cipher, audit: store.audit, runtime }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
