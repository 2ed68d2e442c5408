import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester } from '../../../core/domain/actor.ts'
import type { RecordingId } from '../../../core/domain/ids.ts'
import { AuditErasure } from '../../../core/library/audit/audit-erasure.ts'
import { AuditWriter } from '../../../core/library/audit/audit-writer.ts'
import { Labelling } from '../../../core/library/legal/labelling.ts'
import { LegalHolds } from '../../../core/library/legal/legal-holds.ts'
import { RecordingDeletion } from '../../../core/library/legal/recording-deletion.ts'
import { RecordingSearch } from '../../../core/library/search/search.ts'
import { SubjectErasure } from '../../../core/library/legal/subject-erasure.ts'
import { InProcessRecordingChanges } from '../../../core/store/in-process-recording-changes.ts'
import { DestroyerBench } from '../../support/destroyer-bench.ts'
import { idAt } from '../../support/recording-facts.ts'
import { suiteDirectory } from '../../support/suite-directory.ts'
import { LibraryBench } from '../core/library/library-bench.ts'
import { type GraphqlReply, ServerBench } from './server-bench.ts'

const PLACE = `mutation P($input: HoldPlaceInput!) { holdPlace(input: $input) { hold { plainId caseName namedCount searches { conditions { key value } } } tooLate found { count exact } userErrors { code message field } } }`
const EXTEND = `mutation E($input: HoldExtendInput!) { holdExtend(input: $input) { hold { namedCount } userErrors { code field } } }`
const RELEASE = `mutation R($input: HoldReleaseInput!) { holdRelease(input: $input) { hold { release { reason by { id } } } userErrors { code field } } }`
const DELETE = `mutation D($input: RecordingDeleteInput!) { recordingDelete(input: $input) { recording { plainId state caller { number } holds { caseName } } receipt userErrors { code message field } } }`
const HOLDS = `query H($which: HoldSelection!) { holds(which: $which) { nodes { plainId caseName recordings { nodes { plainId } } } pageInfo { hasNextPage } } }`
const ERASER: Requester = { actor: { type: 'user', id: 'officer' }, role: DEFAULT_ROLES['compliance-officer'], label: '', reach: 'all', units: [], binding: null, address: '192.0.2.7' }
const [SALES, SUPPORT] = [idAt(0), idAt(60)]

describe('legal holds and deletion over GraphQL', () => {
  const directory = suiteDirectory()
  let stored: DestroyerBench
  let server: ServerBench
  let officer: string
  beforeEach(async () => {
    stored = await DestroyerBench.open(directory())
    const bench = await LibraryBench.open()
    const { repository, holds, destructions, audit: log } = stored.catalogue
    const audit = new AuditWriter({ audit: log, runtime: stored.runtime })
    const { visibility } = bench.library
    server = await ServerBench.open({}, bench, {
      search: new RecordingSearch({ repository, audit, visibility }),
      legalHolds: new LegalHolds({ holds, repository, visibility, audit, clock: stored.runtime.clock }),
      labelling: new Labelling({ labels: stored.catalogue.labels, repository, changes: new InProcessRecordingChanges(), audit, clock: stored.runtime.clock }),
      subjectErasure: new SubjectErasure({ index: stored.catalogue.subjects, repository, destroyer: stored.destroyer(), auditErasure: new AuditErasure({ log, clock: stored.runtime.clock }), customerIdKey: null, signer: stored.signer, installation: 'node-1', audit, clock: stored.runtime.clock }),
      deletion: new RecordingDeletion({ destroyer: stored.destroyer(), ledger: destructions, repository, audit }),
    })
    await stored.stored({ id: SALES, partitions: ['/sales'], attached: { customerId: 'C-9' } })
    await stored.stored({ id: SUPPORT, partitions: ['/support'] })
    officer = await bench.token('compliance-officer')
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    await stored.close()
  })
  const place = async (token: string, input: object): Promise<GraphqlReply> => await server.query(token, PLACE, { input: { caseName: 'case 4711', reason: 'a court asked', ...input } })
  const remove = async (token: string, recordingId: RecordingId, reason = 'asked for in writing'): Promise<GraphqlReply> => await server.query(token, DELETE, { input: { recordingId, reason } })
  const audited = async (action: 'hold.placed' | 'hold.released' | 'recording.deleted'): Promise<readonly (readonly unknown[])[]> =>
    (await stored.catalogue.audit.read({ objectId: null, actorId: null, action, from: null, to: null }, { first: 9, before: null })).entries.map(({ entry }) => [entry.outcome, entry.reason, entry.details['step'] ?? null])

  it('holds, shows, extends and releases a case, and deletes what nothing holds any more', async () => {
    const placed = await place(officer, { recordingIds: [SALES], searches: [{ attached: [{ key: 'customerId', value: 'C-9' }] }] })
    expect(placed.data).to.have.nested.property('holdPlace.userErrors').that.deep.equals([])
    expect(placed.data).to.have.nested.property('holdPlace.found').that.deep.equals([{ count: 1, exact: true }])
    const hold = (placed.data?.['holdPlace'] as { readonly hold: { readonly plainId: string; readonly searches: unknown } } | undefined)?.hold
    expect(hold?.searches).to.deep.equal([{ conditions: [{ key: 'attached.customerId', value: 'C-9' }] }])
    expect((await remove(officer, SALES)).data).to.have.nested.property('recordingDelete.userErrors[0].message', `under legal hold: case 4711 (${hold?.plainId})`)
    expect((await server.query(officer, EXTEND, { input: { holdId: hold?.plainId, reason: 'more came up', recordingIds: [SUPPORT] } })).data).to.deep.equal({ holdExtend: { hold: { namedCount: 2 }, userErrors: [] } })
    const listed = await server.query(officer, HOLDS, { which: 'STANDING' })
    expect(listed.data).to.have.nested.property('holds.nodes').that.deep.equals([{ plainId: hold?.plainId, caseName: 'case 4711', recordings: { nodes: [{ plainId: SUPPORT }, { plainId: SALES }] } }])
    expect((await server.query(officer, RELEASE, { input: { holdId: hold?.plainId, reason: 'settled' } })).data).to.have.nested.property('holdRelease.hold.release.reason', 'settled')
    expect((await server.query(officer, HOLDS, { which: 'STANDING' })).data).to.have.nested.property('holds.nodes').that.deep.equals([])
    const deleted = await remove(officer, SALES)
    expect(deleted.data).to.have.nested.property('recordingDelete.recording').that.deep.equals({ plainId: SALES, state: 'PURGED', caller: { number: null }, holds: [] })
    expect(stored.left(SALES)).to.deep.equal([])
    const receipt = await server.query(officer, 'query Q($id: ID!) { deletionReceipt(recordingId: $id) }', { id: SALES })
    expect(receipt.data?.['deletionReceipt']).to.equal((deleted.data?.['recordingDelete'] as { readonly receipt: string } | undefined)?.receipt).and.to.include(`"recordingId":"${SALES}"`)
    expect(await audited('hold.placed')).to.deep.equal([['ok', null, 'extended'], ['ok', null, 'placed']])
    expect(await audited('hold.released')).to.deep.equal([['ok', null, 'released']])
    expect(await audited('recording.deleted')).to.deep.equal([['ok', 'deleted', 'destroyed'], ['ok', 'deleted', 'decided'], ['refused', 'RECORDING_HELD', null]])
  })

  it('tells of each search of a case by itself, so that an erasure finds whom each asked for', async () => {
    const erasure = new AuditErasure({ log: stored.catalogue.audit, clock: stored.runtime.clock })
    const [hers, his] = ['+4915559999', '+4915558888'] as const
    expect((await place(officer, { searches: [{ caller: hers }, { caller: his }] })).data).to.have.nested.property('holdPlace.userErrors').that.deep.equals([])
    const told = async (): Promise<readonly unknown[]> => (await stored.catalogue.audit.read({ objectId: null, actorId: null, action: 'hold.placed', from: null, to: null }, { first: 9, before: null })).entries.map(({ entry }) => [entry.details['step'], entry.personal?.['caller'] ?? null])
    expect(await told()).to.deep.equal([['search', his], ['placed', hers]])
    expect(await erasure.erase(ERASER, { numbers: [his], customerIds: [] })).to.equal(1)
    expect(await told()).to.deep.equal([['search', null], ['placed', hers]])
    expect(await erasure.erase(ERASER, { numbers: [hers], customerIds: [] })).to.equal(1)
    expect(await told()).to.deep.equal([['search', null], ['placed', null]])
    for (const chain of await stored.catalogue.audit.chains()) expect((await stored.catalogue.audit.verify(chain)).fault).to.equal(null)
  })

  for (const role of ['administrator', 'supervisor', 'integrator'] as const) {
    it(`lets no ${role} place, see, release or delete, and tells the refusal to the audit`, async () => {
      const token = await server.bench.token(role, role === 'supervisor' ? ['/sales'] : [])
      expect((await place(token, { recordingIds: [SALES] })).data).to.have.nested.property('holdPlace.userErrors[0].code', 'FORBIDDEN')
      expect((await server.query(token, HOLDS, { which: 'ALL' })).errors[0]?.extensions?.code).to.equal('FORBIDDEN')
      expect((await remove(token, SALES)).data).to.have.nested.property('recordingDelete.userErrors[0].code', 'FORBIDDEN')
      expect(await audited('recording.deleted')).to.deep.equal([['refused', 'FORBIDDEN', null]])
      expect(await audited('hold.placed')).to.deep.equal([['refused', 'FORBIDDEN', 'placed']])
      expect(stored.left(SALES)).to.have.length(5)
    })
  }

  it('holds by no label: whoever may label would release it', async () => {
    expect((await place(officer, { searches: [{ label: 'complaint' }] })).data).to.have.nested.property('holdPlace.userErrors[0].code', 'FILTER_INVALID')
    expect((await server.query(officer, HOLDS, { which: 'ALL' })).data).to.have.nested.property('holds.nodes').that.deep.equals([])
  })

  it('keeps to what an officer of one partition reaches', async () => {
    const narrow = await server.bench.token('compliance-officer', ['/sales'])
    await place(officer, { recordingIds: [SALES], caseName: 'secret case' })
    expect((await place(narrow, { recordingIds: [SUPPORT] })).data).to.have.nested.property('holdPlace.userErrors[0].code', 'RECORDING_NOT_FOUND')
    expect((await remove(narrow, SUPPORT)).data).to.have.nested.property('recordingDelete.userErrors[0].code', 'RECORDING_NOT_FOUND')
    expect((await server.query(narrow, HOLDS, { which: 'ALL' })).data).to.have.nested.property('holds.nodes').that.deep.equals([])
    const heldBy = async (token: string): Promise<unknown> => (await server.query(token, 'query R($id: ID!) { recording(id: $id) { holds { caseName } } }', { id: SALES })).data?.['recording']
    expect(await heldBy(officer)).to.deep.equal({ holds: [{ caseName: 'secret case' }] })
    expect(await heldBy(narrow), 'the name of a case beyond her reach').to.deep.equal({ holds: [] })
    const refused = await remove(narrow, SALES)
    expect(refused.data).to.have.nested.property('recordingDelete.userErrors[0].message', 'under legal hold: 1 that others have placed')
    // Her own search without any condition holds what she reaches, and nothing else.
    expect((await place(narrow, { searches: [{}] })).data).to.have.nested.property('holdPlace.found').that.deep.equals([{ count: 1, exact: true }])
    expect((await remove(officer, SUPPORT)).data).to.have.nested.property('recordingDelete.recording.state', 'PURGED')
  })

  it('tells the audit what its searches ask, each word under the key whose visibility hides it', async () => {
    await place(officer, { searches: [{ attached: [{ key: 'CASE_NOTE', value: 'a secret' }, { key: 'customerId', value: 'C-9' }], partitionUnder: '/sales' }, { caller: '4915550100', attached: [{ key: 'customerId', value: 'C-10' }, { key: 'customerId', value: 'C-11' }] }] })
    const { entries } = await stored.catalogue.audit.read({ objectId: null, actorId: null, action: 'hold.placed', from: null, to: null }, { first: 9, before: null })
    const [third, second, first] = entries.map(({ entry }) => entry)
    expect(first?.personal).to.deep.include({ 'attached.CASE_NOTE': 'a secret', 'attached.customerId': 'C-9', search: '{"partitionUnder":"/sales"}', caseName: 'case 4711' })
    expect(second?.personal).to.deep.include({ 'attached.customerId': 'C-10', caller: '4915550100', search: '{}' })
    expect(third?.personal).to.deep.include({ 'attached.customerId': 'C-11' })
    const admin = await server.bench.library.authentication.authenticate(await server.bench.token('administrator'), '192.0.2.7')
    const seen = server.bench.library.visibility.personal(admin, first?.personal ?? {})
    expect(seen.hidden).to.equal(1)
    expect(JSON.stringify(seen.shown)).to.include('C-9').and.to.not.include('a secret')
  })

  it('wants a reason, members, and a search without a state', async () => {
    const codeOf = ({ data }: GraphqlReply): unknown => (data?.['holdPlace'] as { readonly userErrors: readonly unknown[] } | undefined)?.userErrors[0]
    expect(codeOf(await place(officer, { recordingIds: [SALES], reason: ' \t' }))).to.deep.include({ code: 'REASON_REQUIRED', field: ['input', 'reason'] })
    expect(codeOf(await place(officer, { recordingIds: [SALES], caseName: 'a\u009bb c' }))).to.deep.include({ code: 'REASON_REQUIRED', field: ['input', 'caseName'] })
    expect(codeOf(await place(officer, {}))).to.deep.include({ code: 'FILTER_INVALID', field: ['input', 'recordings'] })
    expect(codeOf(await place(officer, { searches: [{ states: ['STORED'] }] }))).to.deep.include({ code: 'FILTER_INVALID', field: ['input', 'states'] })
    expect((await remove(officer, SALES, '')).data).to.have.nested.property('recordingDelete.userErrors[0].code', 'REASON_REQUIRED')
    expect((await server.query(officer, RELEASE, { input: { holdId: 'ffffffffffffffff', reason: 'settled' } })).data).to.have.nested.property('holdRelease.userErrors[0].code', 'HOLD_NOT_FOUND')
  })

  it('erases a person by the plan that was shown', async () => {
    const plan = `query S($subject: SubjectInput!) { subjectErasurePlan(subject: $subject) { planId recordings { recording { plainId } preventedBy keptUntil holds { caseName } } } }`
    const erase = `mutation X($input: SubjectEraseInput!) { subjectErase(input: $input) { destroyed prevented { recording { plainId } } auditEntries receipt userErrors { code field } } }`
    const subject = { numbers: ['+4915550100'] }
    await place(officer, { recordingIds: [SALES] })
    const shown = (await server.query(officer, plan, { subject })).data?.['subjectErasurePlan'] as { readonly planId: string; readonly recordings: unknown } | undefined
    expect(shown?.recordings).to.deep.equal([
      { recording: { plainId: SALES }, preventedBy: 'HELD', keptUntil: null, holds: [{ caseName: 'case 4711' }] }, { recording: { plainId: SUPPORT }, preventedBy: null, keptUntil: null, holds: [] },
    ])
    expect((await server.query(officer, erase, { input: { subject, planId: 'x', reason: 'request 12' } })).data).to.have.nested.property('subjectErase.userErrors[0].code', 'FILTER_INVALID')
    const erased = await server.query(officer, erase, { input: { subject, planId: shown?.planId, reason: 'request 12' } })
    expect(erased.data?.['subjectErase']).to.deep.include({ destroyed: [SUPPORT], prevented: [{ recording: { plainId: SALES } }], auditEntries: null, userErrors: [] })
    const narrow = await server.bench.token('compliance-officer', ['/sales'])
    expect((await server.query(narrow, plan, { subject })).errors[0]?.extensions?.code).to.equal('FORBIDDEN')
  })

  it('labels a recording for those who may, tells the audit what changed, and labels no tombstone', async () => {
    const label = async (token: string, input: object): Promise<unknown> => (await server.query(token, 'mutation L($input: RecordingLabelInput!) { recordingLabel(input: $input) { recording { labels } userErrors { code field } } }', { input })).data?.['recordingLabel']
    const supervisor = await server.bench.token('supervisor', ['/sales'])
    expect(await label(supervisor, { recordingId: SALES, add: ['complaint', 'Ärger 2', 'complaint'] })).to.deep.equal({ recording: { labels: ['complaint', 'Ärger 2'] }, userErrors: [] })
    expect(await label(supervisor, { recordingId: SALES, add: ['vip'], remove: ['complaint', 'never there'] })).to.deep.equal({ recording: { labels: ['Ärger 2', 'vip'] }, userErrors: [] })
    expect(await label(supervisor, { recordingId: SALES, add: ['vip'] })).to.deep.equal({ recording: { labels: ['Ärger 2', 'vip'] }, userErrors: [] })
    const { entries } = await stored.catalogue.audit.read({ objectId: SALES, actorId: null, action: 'recording.labelled', from: null, to: null }, { first: 9, before: null })
    expect(entries.map(({ entry }) => [entry.details['added'], entry.details['removed']])).to.deep.equal([['vip', 'complaint'], ['complaint,Ärger 2', '']])
    expect(await label(supervisor, { recordingId: SUPPORT, add: ['vip'] })).to.deep.include({ userErrors: [{ code: 'RECORDING_NOT_FOUND', field: null }] })
    expect(await label(await server.bench.token('administrator'), { recordingId: SALES, add: ['vip'] })).to.deep.include({ userErrors: [{ code: 'FORBIDDEN', field: null }] })
    expect(await label(supervisor, { recordingId: SALES, add: ['a,b'] })).to.deep.include({ userErrors: [{ code: 'FILTER_INVALID', field: ['input', 'add'] }] })
    await remove(officer, SALES)
    expect(await label(supervisor, { recordingId: SALES, add: ['vip'] })).to.deep.include({ userErrors: [{ code: 'RECORDING_NOT_FOUND', field: null }] })
  })

  it('gives a recording no more than 64 labels, whatever was there before', async () => {
    const label = async (input: object): Promise<unknown> => (await server.query(officer, 'mutation L($input: RecordingLabelInput!) { recordingLabel(input: $input) { userErrors { code field } } }', { input: { recordingId: SALES, ...input } })).data?.['recordingLabel']
    const lot = (name: string): readonly string[] => Array.from({ length: 16 }, (_, index) => `${name} ${index}`)
    for (const name of ['a', 'b', 'c', 'd']) expect(await label({ add: lot(name) }), name).to.deep.equal({ userErrors: [] })
    expect(await label({ add: ['one more'] })).to.deep.equal({ userErrors: [{ code: 'FILTER_INVALID', field: ['input', 'add'] }] })
    expect(await label({ add: lot('d') }), 'they are there already').to.deep.equal({ userErrors: [] })
    expect(await label({ add: ['one more'], remove: ['a 0'] })).to.deep.equal({ userErrors: [] })
  })

  it('says when it is too late', async () => {
    await remove(officer, SALES)
    expect((await place(officer, { recordingIds: [SALES] })).data).to.have.nested.property('holdPlace.userErrors[0].code', 'HOLD_TOO_LATE')
    expect((await place(officer, { recordingIds: [SALES, SUPPORT] })).data).to.have.nested.property('holdPlace.tooLate').that.deep.equals([SALES])
  })
})
