import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseRetentionRunId, type RecordingId } from '../../core/domain/ids.ts'
import { retentionRuleOf } from '../../core/domain/retention/judge-retention.ts'
import { fieldsAsked, valuesOf } from '../../core/domain/retention/retention-subject.ts'
import { CALL_FACTS, type Field, RECORDING_FACTS } from '../../core/domain/rules/condition.ts'
import { EVERY_ENTRY } from '../../core/ports/audit-log.ts'
import type { RetentionStamp } from '../../core/ports/retention-store.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { condemnation, orderFor, storedRecording } from '../support/held-recordings.ts'
import { idAt, seconds } from '../support/recording-facts.ts'
import { retentionWith } from '../support/retention-facts.ts'
import { expectCode } from '../support/rejection.ts'

const BY = { type: 'system', id: 'retention' } as const
const RUN = parseRetentionRunId('00000000000000a1')
const NOTHING = { recordings: 0, durationMs: 0, sizeBytes: 0 }

/** What every store of retention does: stamps that only grow, a lease that one has, runs that are gone on with. */
export function retentionStoreContract(name: string, open: () => Promise<Catalogue>): void {
  describe(name, () => {
    it('gives recordings oldest first, with what rules look at, and leaves out what is destroyed', async () => {
      const catalogue = await open()
      const [first, second, third] = [await stored(catalogue, 0), await stored(catalogue, 60), await stored(catalogue, 120)]
      await catalogue.destructions.condemn(orderFor(second), condemnation())
      const page = await catalogue.retention.candidates({ after: null, first: 10, fields: 'all' })
      expect(page.map(({ subject }) => subject.id)).to.deep.equal([first, third])
      const [recording] = await catalogue.retention.recordings([first])
      const [candidate] = page
      expect(candidate?.subject.attached()).to.deep.equal(recording?.attached)
      expect(candidate?.subject.partitions()).to.deep.equal(recording?.partitions)
      expect([candidate?.subject.rule, candidate?.subject.endedAt, candidate?.sizeBytes]).to.deep.equal([recording?.decision.rule, recording?.endedAt, recording?.media?.payloadSizeBytes])
      expect((await catalogue.retention.candidates({ after: first, first: 10, fields: 'all' })).map(({ subject }) => subject.id)).to.deep.equal([third])
    })

    it('reads what the rules look at, and says so where one looks at something else', async () => {
      const catalogue = await open()
      await stored(catalogue, 0)
      const fieldOf = (type: Field['type']): Field => (type === 'attached' ? { type, key: 'claim' } : { type })
      for (const type of ['attached', ...CALL_FACTS, ...RECORDING_FACTS] as const) {
        const rules = retentionWith({}, [{ name: 'asks', when: { type: 'not', of: { type: 'equals', field: fieldOf(type), value: 'nobody has this' } } }])
        const [candidate] = await catalogue.retention.candidates({ after: null, first: 10, fields: fieldsAsked([rules]) })
        expect(candidate === undefined ? null : retentionRuleOf(rules, candidate.subject).name, type).to.equal('asks')
        const [whole] = await catalogue.retention.candidates({ after: null, first: 10, fields: 'all' })
        expect(whole === undefined ? [] : valuesOf(whole.subject, fieldOf(type)), type).to.deep.equal(candidate === undefined ? null : valuesOf(candidate.subject, fieldOf(type)))
      }
      const [bare] = await catalogue.retention.candidates({ after: null, first: 10, fields: new Set() })
      expect([bare?.subject.state, bare?.subject.durationMs, await catalogue.retention.countCandidates()]).to.deep.equal(['stored', 9475, 1])
      expect(() => bare?.subject.queue).to.throw('not asked for')
      expect(() => bare?.subject.labels()).to.throw('not asked for')
    })

    it('never shortens a stamp, and lengthens it', async () => {
      const catalogue = await open()
      const id = await stored(catalogue, 0)
      const until = async (): Promise<Date | null | undefined> => (await catalogue.retention.candidate(id))?.stampedUntil
      await catalogue.retention.stamp([stampOn(id, 1000, 'a')])
      await catalogue.retention.stamp([stampOn(id, 500, 'b')])
      expect(await until()).to.deep.equal(seconds(1000))
      expect((await catalogue.retention.candidate(id))?.stampedBy).to.equal('b')
      await catalogue.retention.stamp([{ ...stampOn(id, 0, 'c'), keptUntil: new Date(0) }])
      expect(await until()).to.deep.equal(seconds(1000))
      await catalogue.retention.stamp([stampOn(id, 2000, 'd')])
      expect(await until()).to.deep.equal(seconds(2000))
    })

    it('gives what a version has not stamped', async () => {
      const catalogue = await open()
      const [first, second] = [await stored(catalogue, 0), await stored(catalogue, 60)]
      await catalogue.retention.stamp([stampOn(first, 10, 'v1')])
      const left = async (version: string): Promise<readonly RecordingId[]> => (await catalogue.retention.candidates({ after: null, first: 10, fields: 'all', notStampedBy: version })).map(({ subject }) => subject.id)
      expect(await left('v1')).to.deep.equal([second])
      expect(await left('v2')).to.deep.equal([first, second])
    })

    it('lets nobody destroy what is stamped before its time, whatever rules are in force, and lets it go afterwards', async () => {
      const catalogue = await open()
      const id = await stored(catalogue, 0)
      await catalogue.retention.stamp([stampOn(id, 6000, 'v1')])
      for (const cause of ['deleted', 'retention', 'subject'] as const) {
        expect(await catalogue.destructions.condemn(orderFor(id, { cause }), condemnation({ at: seconds(5999) }))).to.deep.equal({ outcome: 'kept', until: seconds(6000) })
      }
      expect((await catalogue.destructions.condemn(orderFor(id), condemnation({ at: seconds(6000) }))).outcome).to.equal('condemned')
    })

    it('takes the later of what is stamped and what the rules in force say', async () => {
      const catalogue = await open()
      const id = await stored(catalogue, 0)
      await catalogue.retention.stamp([stampOn(id, 6000, 'v1')])
      expect(await catalogue.destructions.condemn(orderFor(id), condemnation({ keptUntil: () => seconds(7000) }))).to.deep.equal({ outcome: 'kept', until: seconds(7000) })
    })

    it('remembers which rules were in force last, and tells the audit of a change alone', async () => {
      const { retention, audit } = await open()
      expect(await retention.lastRules()).to.equal(null)
      expect(await retention.useRules({ version: 'v1', canonical: '{"a":1}', at: seconds(1) }, changed('v1'))).to.equal('new')
      expect(await retention.useRules({ version: 'v2', canonical: '{"a":2}', at: seconds(2) }, changed('v2'))).to.equal('new')
      expect(await retention.useRules({ version: 'v2', canonical: '{"a":2}', at: seconds(3) }, changed('v2'))).to.equal('same')
      expect(await retention.useRules({ version: 'v1', canonical: '{"a":1}', at: seconds(3) }, changed('v1'))).to.equal('new')
      expect(await retention.lastRules()).to.deep.equal({ version: 'v1', canonical: '{"a":1}' })
      expect(await retention.rulesText('v2')).to.deep.equal({ version: 'v2', canonical: '{"a":2}' })
      const { entries } = await audit.read({ ...EVERY_ENTRY, action: 'retention.changed' }, { first: 10, before: null })
      expect(entries.map(({ entry }) => entry.object.id)).to.deep.equal(['v1', 'v2', 'v1'])
    })

    it('lets one run at a time, and another one after the lease is over', async () => {
      const { retention } = await open()
      expect(await retention.takeLease('one', { now: seconds(0), until: seconds(60) })).to.deep.equal({ outcome: 'granted', left: null })
      expect(await retention.takeLease('two', { now: seconds(59), until: seconds(120) })).to.deep.equal({ outcome: 'taken', until: seconds(60) })
      expect((await retention.takeLease('two', { now: seconds(61), until: seconds(120) })).outcome).to.equal('granted')
      await expectCode(retention.extendLease('one', seconds(200)), 'RETENTION_RUNNING')
      await retention.releaseLease('one')
      expect((await retention.takeLease('one', { now: seconds(62), until: seconds(120) })).outcome).to.equal('taken')
      await retention.releaseLease('two')
      expect((await retention.takeLease('one', { now: seconds(62), until: seconds(120) })).outcome).to.equal('granted')
    })

    it('goes on with a run that was left, item by item, and forgets one that was left while it was planned', async () => {
      const { retention } = await open()
      const draft = { version: 'v1', begunBy: BY, begunAt: seconds(1), plannedAt: seconds(1) }
      await retention.open({ ...draft, id: parseRetentionRunId('00000000000000a0') })
      await retention.open({ ...draft, id: RUN })
      await retention.addItems(RUN, [itemAt(0, 'purge'), itemAt(60, 'archive'), itemAt(120, 'purge')])
      const planned = { archive: { ...NOTHING, recordings: 1 }, purge: { ...NOTHING, recordings: 2 } }
      expect((await retention.takeLease('one', { now: seconds(1), until: seconds(2) })).outcome).to.equal('granted')
      await retention.begin(RUN, { digest: 'd', planned }, about('retention.begun'))
      await retention.finish(RUN, idAt(0), { outcome: 'purged', at: seconds(2) })
      await retention.finish(RUN, idAt(0), { outcome: 'held', at: seconds(3) })
      const grant = await retention.takeLease('two', { now: seconds(10), until: seconds(20) })
      expect(grant.outcome === 'granted' && grant.left?.id).to.equal(RUN)
      expect((await retention.itemsLeft(RUN, { after: null, first: 10 })).map(({ action }) => action)).to.deep.equal(['archive', 'purge'])
      expect(await retention.countItems(RUN)).to.deep.equal({ all: 3, left: 2 })
      expect(await retention.outcomes(RUN)).to.deep.equal({ purged: 1 })
      await retention.end(RUN, { done: { purged: 1 }, manifest: null, endedAt: seconds(30) }, about('retention.ended'))
      const [run, ...others] = await retention.runs({ first: 5, before: null })
      expect(others).to.deep.equal([])
      expect([run?.state, run?.digest, run?.planned, run?.done, run?.endedAt]).to.deep.equal(['ended', 'd', planned, { purged: 1 }, seconds(30)])
    })
  })
}

function stored(catalogue: Catalogue, at: number): Promise<RecordingId> {
  return storedRecording(catalogue, { id: idAt(at), attached: { claim: String(at) } })
}

function stampOn(recordingId: RecordingId, until: number, version: string): RetentionStamp {
  return { recordingId, keptUntil: seconds(until), rule: 'r', version }
}

function itemAt(at: number, action: 'archive' | 'purge'): { readonly recordingId: RecordingId; readonly action: 'archive' | 'purge'; readonly rule: string } {
  return { recordingId: idAt(at), action, rule: 'r' }
}

function changed(version: string): AuditDraft {
  return { ...about('retention.changed'), object: { type: 'retention', id: version } }
}

function about(action: AuditDraft['action']): AuditDraft {
  return { at: seconds(1), actor: BY, action, object: { type: 'retention', id: RUN }, outcome: 'ok', reason: null, details: {}, personal: {} }
}
