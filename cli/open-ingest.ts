import { randomUUID } from 'node:crypto'
import type { Settings } from '../config/settings.ts'
import { placedName } from '../core/domain/blob-place.ts'
import { IngestWorker } from '../core/ingest/ingest-worker.ts'

type IngestParts = ConstructorParameters<typeof IngestWorker>[0]

/** Brings in what the PBXs of the settings recorded: where, and as what, each of them says. */
export function openIngest({ node, pbxs }: Settings, parts: Omit<IngestParts, 'placedOf' | 'formatOf'>): IngestWorker {
  const settingsOf = (pbxId: string) => pbxs.find(({ id }) => id === pbxId)
  return new IngestWorker({
    ...parts,
    placedOf: (pbxId) => (name) => placedName(settingsOf(pbxId)?.store ?? null, name),
    formatOf: (pbxId) => settingsOf(pbxId)?.mediaFormat ?? 'wav',
  }, { owner: `${node.name}-${randomUUID()}` })
}
