import type { Settings } from '../config/settings.ts'
import { FileOutlet } from '../adapters/checkpoints/file-outlet.ts'
import { SyslogOutlet } from '../adapters/checkpoints/syslog-outlet.ts'
import { WebhookOutlet } from '../adapters/checkpoints/webhook-outlet.ts'
import { formatCheckpointKey } from '../core/domain/audit/checkpoint.ts'
import { AuditCheckpoints } from '../core/library/audit/audit-checkpoints.ts'
import type { CheckpointOutlet } from '../core/ports/audit-evidence.ts'
import type { Clock, Runtime } from '../core/ports/runtime.ts'
import type { ProvableCatalogue } from '../core/store/catalogue.ts'
import { tellConfigChange } from './audit/config-change.ts'
import { openCheckpointSigner } from './audit/checkpoint-key-file.ts'

/** What watches over the audit while the service runs. */
export interface AuditWatch {
  start(): void
  stop(): Promise<void>
}

/** Signs the audit of this node. Without a key it cannot, says so, and calls are recorded all the same. */
export async function openAuditWatch(settings: Settings, { store, runtime }: { readonly store: Pick<ProvableCatalogue, 'audit' | 'evidence'>; readonly runtime: Runtime }): Promise<AuditWatch> {
  await told(settings, { store, runtime })
  try {
    const { signer, made } = await openCheckpointSigner(settings)
    if (made === 'now') await tellNewKey(settings, { store, runtime, key: formatCheckpointKey(signer.publicKey) })
    return new AuditCheckpoints({ chain: settings.node.name, log: store.audit, evidence: store.evidence, signer, outlets: outletsOf(settings, runtime.clock), everyEntries: settings.audit.everyEntries, everyMs: settings.audit.everyMs, runtime })
  } catch (error) {
    runtime.log.error({ error }, 'audit checkpoints are not signed')
    return { start: () => undefined, stop: async () => undefined }
  }
}

/** What cannot be told keeps no call from being recorded; the next start tells it. */
async function told(settings: Settings, { store, runtime }: { readonly store: Pick<ProvableCatalogue, 'audit'>; readonly runtime: Runtime }): Promise<void> {
  try {
    await tellConfigChange(settings, { audit: store.audit, clock: runtime.clock })
  } catch (error) {
    runtime.log.error({ error }, 'the audit does not know that settings changed')
  }
}

async function tellNewKey({ node }: Settings, { store, runtime, key }: { readonly store: Pick<ProvableCatalogue, 'audit'>; readonly runtime: Runtime; readonly key: string }): Promise<void> {
  runtime.log.info({ key }, 'a key was made that signs the audit: keep its public half elsewhere')
  await store.audit.append({ at: runtime.clock.now(), actor: { type: 'system', id: node.name }, action: 'keys.generated', object: { type: 'keys', id: 'audit' }, outcome: 'ok', reason: null, details: { key }, personal: {} })
}

function outletsOf({ audit }: Settings, clock: Clock): readonly CheckpointOutlet[] {
  return [
    ...(audit.checkpointFile === null ? [] : [new FileOutlet(audit.checkpointFile)]),
    ...(audit.syslog === null ? [] : [new SyslogOutlet(audit.syslog, clock)]),
    ...(audit.webhook === null ? [] : [new WebhookOutlet(audit.webhook)]),
  ]
}
