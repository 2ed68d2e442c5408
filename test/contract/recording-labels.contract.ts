import { expect } from 'chai'
import { sql } from 'kysely'
import { describe, it } from 'mocha'
import { aboutRecording, type AuditDraft } from '../../core/domain/audit-entry.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import { EVERY_ENTRY } from '../../core/ports/audit-log.ts'
import { type AccessScope, ANY_RECORDING } from '../../core/ports/recording-repository.ts'
import { labels as labelsMigration } from '../../core/store/sql/migrations/catalogue-0022-labels.ts'
import type { Recording } from '../../core/domain/recording.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { decisionWith } from '../support/decisions.ts'
import { condemnation, orderFor, storedRecording } from '../support/held-recordings.ts'
import { idAt, seconds } from '../support/recording-facts.ts'

const ALL: AccessScope = { type: 'all' }
const OFFICER = { type: 'user', id: 'officer' } as const

async function found({ repository }: Catalogue, label: string, scope = ALL): Promise<readonly RecordingId[]> {
  return (await repository.search({ filter: { ...ANY_RECORDING, label }, scope, first: 10, before: null })).recordings.map(({ id }) => id)
}

const MOST = 8

async function change({ labels }: Catalogue, id: RecordingId, { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] }): Promise<Recording | 'full' | null> {
  const audit: AuditDraft = { at: seconds(9), actor: OFFICER, action: 'recording.labelled', object: aboutRecording(id), outcome: 'ok', reason: null, details: {}, personal: {} }
  return await labels.change(id, { add, remove, most: MOST }, () => audit)
}

async function labelled(catalogue: Catalogue, second: number, labels: readonly string[]): Promise<RecordingId> {
  return await storedRecording(catalogue, { id: idAt(second), change: { decision: decisionWith({ labels }) } })
}

export interface LabelStores {
  readonly open: () => Promise<Catalogue>
  /** Two programs on one database, which is empty. */
  readonly twice: () => Promise<{ readonly one: Catalogue; readonly other: Catalogue }>
  readonly database: () => SqlDatabase
  readonly start: () => Promise<SqlDatabase>
}

/** What every store of labels does: they are found as they are now, and what rules gave stays apart from what people do. */
export function recordingLabelsContract(name: string, { open, twice, database, start }: LabelStores): void {
  describe(name, () => {
    it('finds recordings by each label that they have now, whoever gave it, and only within reach', async () => {
      const catalogue = await open()
      const [one, other] = [await labelled(catalogue, 0, ['vip', 'Ärger', 'A\u0308rger']), await labelled(catalogue, 60, [])]
      await change(catalogue, other, { add: ['vip', 'to be trained with'] })
      expect(await found(catalogue, 'vip')).to.deep.equal([other, one])
      expect(await found(catalogue, 'A\u0308rger'), 'in any spelling').to.deep.equal([one])
      expect(await found(catalogue, 'VIP')).to.deep.equal([])
      expect(await found(catalogue, 'vip', { type: 'named', partitions: ['/elsewhere'], units: [] })).to.deep.equal([])
      expect(await catalogue.repository.count({ ...ANY_RECORDING, label: 'vip', queue: 'nobody waits here' }, ALL)).to.equal(0)
      await change(catalogue, one, { remove: ['vip'] })
      await change(catalogue, other, { remove: ['to be trained with'], add: ['vip'] })
      expect(await found(catalogue, 'vip')).to.deep.equal([other])
      expect(await found(catalogue, 'to be trained with')).to.deep.equal([])
      expect(await found(catalogue, 'Ärger')).to.deep.equal([one])
    })

    it('tells rules of retention the labels that rules gave, whatever people take off and put on', async () => {
      const catalogue = await open()
      const id = await labelled(catalogue, 0, ['keep for ten years'])
      const candidate = async (): Promise<readonly string[] | undefined> => (await catalogue.retention.candidate(id))?.subject.labels()
      await change(catalogue, id, { add: ['purge at once'], remove: ['keep for ten years'] })
      expect((await catalogue.repository.find(id, ALL))?.labels).to.deep.equal(['purge at once'])
      expect((await catalogue.repository.find(id, ALL))?.ruleLabels).to.deep.equal(['keep for ten years'])
      expect(await candidate()).to.deep.equal(['keep for ten years'])
      const [page] = await catalogue.retention.candidates({ after: null, first: 10, fields: 'all' })
      expect(page?.subject.labels()).to.deep.equal(['keep for ten years'])
    })

    it('lets nobody bring a recording above the limit, also not two programs at once', async () => {
      const { one, other } = await twice()
      const id = await labelled(one, 0, Array.from({ length: MOST - 2 }, (_, index) => `there ${index}`))
      const outcomes = await Promise.all([one, other].flatMap((catalogue, program) => [0, 1].map((call) => change(catalogue, id, { add: [`${program} ${call} a`, `${program} ${call} b`] }))))
      expect(outcomes.filter((outcome) => outcome === 'full')).to.have.length(3)
      const labels = async (): Promise<readonly string[]> => (await one.repository.find(id, ALL))?.labels ?? []
      expect(await labels()).to.have.length(MOST)
      const entries = (await one.audit.read({ ...EVERY_ENTRY, action: 'recording.labelled' }, { first: 10, before: null })).entries
      expect(entries, 'what was refused is not told as done').to.have.length(1)
      expect(await change(other, id, { add: ['one more'] })).to.equal('full')
      expect(await change(other, id, { add: ['there 0'] }), 'what is there already is no more').to.have.property('id', id)
      expect(await change(other, id, { add: ['instead'], remove: ['there 0'] })).to.have.property('id', id)
      expect(await labels()).to.include('instead').and.have.length(MOST)
    })

    it('takes labels off a recording to which rules gave more than the limit', async () => {
      const catalogue = await open()
      const id = await labelled(catalogue, 0, Array.from({ length: MOST + 2 }, (_, index) => `rule ${index}`))
      expect(await change(catalogue, id, { remove: ['rule 0'] })).to.have.property('id', id)
      expect(await change(catalogue, id, { add: ['by hand'], remove: ['rule 1'] })).to.equal('full')
      expect((await catalogue.repository.find(id, ALL))?.labels).to.have.length(MOST + 1)
    })

    it('finds no recording that was destroyed by its labels', async () => {
      const catalogue = await open()
      const id = await labelled(catalogue, 0, ['vip'])
      await change(catalogue, id, { add: ['complaint'] })
      await catalogue.destructions.condemn(orderFor(id), condemnation())
      expect([await found(catalogue, 'vip'), await found(catalogue, 'complaint')]).to.deep.equal([[], []])
      const left = await database().read((tx) => tx.selectFrom('attached').select('k').where('id', '=', Number(id)).execute())
      expect(left.filter(({ k }) => k === '@label')).to.deep.equal([])
    })

    it('takes labels of before into the search, and for those of rules', async () => {
      const catalogue = await open()
      const [one, other] = [await labelled(catalogue, 0, ['vip', 'Ärger']), await labelled(catalogue, 60, [])]
      await database().change(async (tx) => {
        await tx.deleteFrom('attached').where('k', '=', '@label').execute()
        await sql`update recordings set rule_labels_json = null`.execute(tx)
      })
      expect(await found(catalogue, 'vip')).to.deep.equal([])
      // Once more is no harm: a run may have been cut off.
      for (let run = 0; run < 2; run += 1) {
        await database().change((tx) => tx.deleteFrom('schema_migrations').where('schema_name', '=', 'catalogue').where('number', '>=', labelsMigration.number).execute())
        await (await start()).close()
      }
      expect([await found(catalogue, 'vip'), await found(catalogue, 'Ärger')]).to.deep.equal([[one], [one]])
      expect((await catalogue.repository.find(one, ALL))?.ruleLabels).to.deep.equal(['vip', 'Ärger'])
      expect((await catalogue.repository.find(other, ALL))?.ruleLabels).to.deep.equal([])
    })
  })
}
