import type { RecordingLabels } from '../../ports/recording-labels.ts'
import type { AuditChain } from './audit-chain.ts'
import { holdRecordings } from './load-recordings.ts'
import { together } from './portable.ts'
import { ofSearchPairs } from './save-recording.ts'
import type { SqlDatabase } from './sql-database.ts'

export class SqlRecordingLabels implements RecordingLabels {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  change(...[id, { add, remove, most }, audit]: Parameters<RecordingLabels['change']>): ReturnType<RecordingLabels['change']> {
    return this.#database.change(async (tx) => {
      const [recording] = await holdRecordings(tx, [Number(id)])
      if (recording === undefined || recording.state === 'purged') return null
      const removed = recording.labels.filter((label) => remove.includes(label))
      const kept = recording.labels.filter((label) => !remove.includes(label))
      const added = [...new Set(add)].filter((label) => !kept.includes(label))
      if (added.length + removed.length === 0) return recording
      if (added.length > 0 && kept.length + added.length > most) return 'full'
      const labelled = { ...recording, labels: [...kept, ...added] }
      await together(tx, [
        tx.updateTable('recordings').set({ labels_json: JSON.stringify(labelled.labels) }).where('id', '=', Number(id)),
        ...ofSearchPairs(tx, recording, labelled),
      ])
      await this.#chain.append(tx, [audit({ recording: labelled, added, removed })])
      return labelled
    })
  }
}
