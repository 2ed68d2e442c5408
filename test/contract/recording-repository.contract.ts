import { afterEach, describe, it } from 'mocha'
import { expect } from 'chai'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { parseInteractionId, parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import { ANY_RECORDING, type AccessScope, type StoredMedia } from '../../core/ports/recording-repository.ts'
import type { TriedCatalogue as Catalogue } from '../support/tried-catalogue.ts'
import { AGENT_CHANNEL, idAt, journalled, mediaOf, recordingFrom, requested, seconds, wholeLife } from '../support/recording-facts.ts'
import { expectCode } from '../support/rejection.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
const OTHER = { node: parseNodeName('node-2'), journal: 'journal-2' }
const ALL: AccessScope = { type: 'all' }
const ID = idAt(0)

/** What every catalogue does with facts, media and access by id. `open` gives an empty one. Search: recording-search.contract.ts. */
export function recordingRepositoryContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is a RecordingRepository`, () => {
    const opened: Catalogue[] = []
    const catalogue = async (): Promise<Catalogue> => {
      const one = await open()
      opened.push(one)
      return one
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()))
    })
    const stored = async (): Promise<Catalogue> => {
      const one = await catalogue()
      await one.repository.apply(SOURCE, journalled(wholeLife({ id: ID, partitions: ['/sales/gold'] })))
      await one.repository.beginIngest(ID)
      await one.repository.recordMedia(ID, soundOf(ID), told('recording.stored'))
      return one
    }

    describe('applying facts', () => {
      it('keeps of a segment the hold with which it began, and that the PBX threw its file away, also behind the end', async () => {
        const { repository } = await catalogue()
        const of = (second: number): { readonly recordingId: typeof ID; readonly index: number; readonly at: Date } => ({ recordingId: ID, index: 1, at: seconds(second) })
        const life = wholeLife({ id: ID })
        const started = life.findIndex((fact) => fact.type === 'segment-started' && fact.index === 1) + 1
        const facts = [...life.slice(0, started), { type: 'segment-held', ...of(5) }, { type: 'segment-unheld', ...of(7) }, ...life.slice(started), { type: 'segment-discarded', ...of(9) }] as const
        await repository.apply(SOURCE, journalled(facts))
        const [, segment] = (await repository.find(ID, { type: 'all' }))?.segments ?? []
        expect(segment).to.deep.include({ heldAt: seconds(5), answeredAt: seconds(7), discardedAt: seconds(9) })
      })

      for (const size of [1, 3, 100]) {
        it(`builds the recording that the facts tell of, ${size} at a time`, async () => {
          const { repository } = await catalogue()
          const facts = journalled(wholeLife({ id: ID, partitions: ['/sales'], attached: { language: 'de' } }))
          for (let from = 0; from < facts.length; from += size) await repository.apply(SOURCE, facts.slice(from, from + size))
          expect(await repository.find(ID, ALL)).to.deep.equal(recordingFrom(facts.map(({ fact }) => fact)))
        })
      }

      it('tells which recordings it touched and which are to be brought in, and touches nothing when the facts come again', async () => {
        const { repository, audit } = await catalogue()
        const facts = journalled(wholeLife({ id: ID }))
        expect(await repository.apply(SOURCE, facts)).to.deep.equal({ refused: [], touched: [ID], due: [ID] })
        const { entries } = await audit.read(NO_AUDIT_FILTER, { first: 100, before: null })
        expect(await repository.apply(SOURCE, facts)).to.deep.equal({ refused: [], touched: [], due: [] })
        expect((await audit.read(NO_AUDIT_FILTER, { first: 100, before: null })).entries).to.deep.equal(entries)
      })

      it('goes on behind what it has when a part comes again', async () => {
        const { repository } = await catalogue()
        const facts = journalled(wholeLife({ id: ID }))
        await repository.apply(SOURCE, facts.slice(0, 10))
        await repository.apply(SOURCE, facts.slice(4))
        expect(await repository.find(ID, ALL)).to.deep.equal(recordingFrom(facts.map(({ fact }) => fact)))
      })

      it('knows how far it is in each journal', async () => {
        const { repository } = await catalogue()
        expect(await repository.position(SOURCE)).to.equal(0)
        await repository.apply(SOURCE, journalled(wholeLife({ id: ID })).slice(0, 7))
        expect([await repository.position(SOURCE), await repository.position(OTHER)]).to.deep.equal([7, 0])
      })

      it('keeps the journals of several nodes apart', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled([requested({ id: idAt(0) })]))
        await repository.apply(OTHER, journalled([requested({ id: idAt(1) })]))
        expect(await repository.find(idAt(1), ALL)).to.deep.equal(recordingFrom([requested({ id: idAt(1) })]))
      })

      it('begins at 1 with a journal that it does not know: the node lost the one before', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled(wholeLife({ id: idAt(0) })))
        const facts = wholeLife({ id: idAt(60) })
        await repository.apply({ ...SOURCE, journal: 'journal-1-anew' }, journalled(facts))
        expect(await repository.find(idAt(60), ALL)).to.deep.equal(recordingFrom(facts))
      })

      it('reaches a recording through the partitions that it gained, and keeps its labels', async () => {
        const { repository, audit } = await catalogue()
        const of = { recordingId: ID, at: seconds(2), rule: 'complaints', policyVersion: 'ab' } as const
        const facts: readonly CaptureFact[] = [
          requested({ id: ID, partitions: ['/sales'] }), { type: 'partitions-gained', ...of, partitions: ['/sales/gold', '/support'] }, { type: 'labels-gained', ...of, labels: ['complaint', 'é'] },
          { type: 'would-stop', ...of },
        ]
        // The first alone, so that the others change what is stored.
        await repository.apply(SOURCE, journalled(facts.slice(0, 1)))
        await repository.apply(SOURCE, journalled(facts.slice(1), 1))
        expect(await repository.find(ID, { type: 'named', partitions: ['/support'], units: [] })).to.deep.equal(recordingFrom(facts))
        expect(await repository.find(ID, { type: 'named', partitions: ['/sales/gold'], units: [] })).to.deep.include({ partitions: ['/sales', '/sales/gold', '/support'], labels: ['complaint', 'é'] })
        const { entries } = await audit.read({ objectId: ID, actorId: null, action: 'recording.would-stop', from: null, to: null }, { first: 10, before: null })
        expect(entries.map(({ entry: { details } }) => [details['rule'], details['byRule']])).to.deep.equal([['everything', 'complaints']])
      })

      it('keeps what a policy says when it decides, as it was told first', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled([{ type: 'policy-used', version: 'ab', canonical: '{"format":1}', at: seconds(0) }]))
        await repository.apply(OTHER, journalled([{ type: 'policy-used', version: 'ab', canonical: '{"format":2}', at: seconds(1) }]))
        expect(await repository.policyText('ab')).to.deep.equal({ version: 'ab', canonical: '{"format":1}' })
        expect(await repository.policyText('cd')).to.equal(null)
        await repository.apply(SOURCE, journalled([{ type: 'policy-used', version: '0f', canonical: '{"format":3}', at: seconds(2) }], 1))
        expect(await repository.policyVersions()).to.deep.equal([{ version: 'ab', firstUsedAt: seconds(0) }, { version: '0f', firstUsedAt: seconds(2) }])
      })

      it('gives back a fact that the lifecycle refuses, and applies the others', async () => {
        const { repository } = await catalogue()
        const stranger = { type: 'answered', recordingId: idAt(9), at: seconds(1) } as const
        const tooLate = { type: 'pause-effective', recordingId: ID, at: seconds(20) } as const
        const facts = journalled([stranger, ...wholeLife({ id: ID }), tooLate])
        const { refused } = await repository.apply(SOURCE, facts)
        expect(refused).to.deep.equal([facts[0], facts.at(-1)])
        expect((await repository.find(ID, ALL))?.state).to.equal('stopped')
        expect(await repository.apply(SOURCE, facts)).to.deep.equal({ refused: [], touched: [], due: [] })
      })

      it('applies the same facts once when two forwarders bring them at once', async () => {
        const { repository, audit } = await catalogue()
        const facts = journalled(wholeLife({ id: ID }))
        const outcomes = await Promise.all([repository.apply(SOURCE, facts), repository.apply(SOURCE, facts)])
        expect(outcomes.flatMap(({ touched }) => touched)).to.deep.equal([ID])
        const { entries } = await audit.read({ ...NO_AUDIT_FILTER, action: 'recording.requested' }, { first: 10, before: null })
        expect(entries.length).to.equal(1)
      })

      it('writes an audit entry for each act, in their order', async () => {
        const { repository, audit } = await catalogue()
        await repository.apply(SOURCE, journalled(wholeLife({ id: ID, attached: { card: 'gold' } })))
        const { entries } = await audit.read({ ...NO_AUDIT_FILTER, objectId: ID }, { first: 100, before: null })
        expect(entries.toReversed().map(({ entry }) => entry.action)).to.deep.equal([
          'recording.requested', 'recording.pause', 'recording.pause-effective', 'recording.resume', 'recording.resume-effective', 'recording.stop', 'recording.stop-failed', 'recording.stopped',
        ])
        expect(entries.at(-1)?.entry.personal).to.deep.equal({ 'attached.card': 'gold', callee: '500', caller: '+4915550100' })
      })

      it('queues the ingest of a recording that stopped, and of no other', async () => {
        const { repository, jobs } = await catalogue()
        const failed = [requested({ id: idAt(1) }), { type: 'recording-failed', recordingId: idAt(1), at: seconds(2), reason: 'start-refused' }] as const
        const declined = [requested({ id: idAt(2) }), { type: 'recording-declined', recordingId: idAt(2), at: seconds(3), reason: 'not-wanted' }] as const
        const again = { type: 'recording-stopped', recordingId: ID, at: seconds(30), reason: 'hangup' } as const
        await repository.apply(SOURCE, journalled([...wholeLife({ id: ID }), ...failed, ...declined, again]))
        expect((await jobs.lease('ingest', 'worker', seconds(3600), 1000))?.recordingId).to.equal(ID)
        expect(await jobs.lease('ingest', 'worker', seconds(3600), 1000)).to.equal(null)
      })

      it('queues the ingest of a recording that failed in the middle, and keeps why it failed, whatever comes of its sound', async () => {
        for (const [second, end] of [[0, 'stored'], [60, 'no sound'], [120, 'nobody answered']] as const) {
          const { repository, jobs } = await catalogue()
          const id = idAt(second)
          const running = wholeLife({ id }).slice(0, -2)
          await repository.apply(SOURCE, journalled([...running, { type: 'recording-failed', recordingId: id, at: seconds(300), reason: 'start-refused' }]))
          const job = await jobs.lease('ingest', 'worker', seconds(3600), 1000)
          expect(job?.recordingId).to.equal(id)
          await repository.beginIngest(id)
          if (end === 'stored') await repository.recordMedia(id, soundOf(id), told('recording.stored'))
          if (end === 'no sound') await repository.closeWithoutMedia(id, { state: 'failed', reason: 'no-audio', findings: [] }, told('recording.failed'))
          if (end === 'nobody answered') await repository.closeWithoutMedia(id, { state: 'not-recorded', reason: 'never-answered', findings: [] }, told('recording.declined'))
          const found = await repository.find(id, ALL)
          expect([found?.state, found?.reason], end).to.deep.equal([end === 'stored' ? 'stored' : 'failed', 'start-refused'])
        }
      })

      it('sets a fact aside that cannot be applied, once, and goes on behind it', async () => {
        const { repository, audit } = await catalogue()
        const facts = journalled(wholeLife({ id: ID }))
        const at = facts.findIndex(({ fact }) => fact.type === 'announced')
        const poison = facts.slice(at, at + 1)
        await repository.apply(SOURCE, facts.slice(0, at))
        for (const one of [...poison, ...poison]) await repository.setAside(SOURCE, one, { error: 'half a pair: \ud83e', at: seconds(1) })
        expect(await repository.apply(SOURCE, facts.slice(0, at + 1))).to.deep.equal({ refused: [], touched: [], due: [] })
        await repository.apply(SOURCE, facts.slice(at + 1))
        const found = await repository.find(ID, ALL)
        expect([found?.state, found?.announcement]).to.deep.equal(['stopped', null])
        const { entries } = await audit.read({ ...NO_AUDIT_FILTER, action: 'recording.incident' }, { first: 10, before: null })
        expect(entries.map(({ entry }) => [entry.object.id, entry.reason, entry.details.fact])).to.deep.equal([[ID, 'fact-set-aside', 'announced']])
      })

      it('keeps what strangers wrote as they wrote it', async () => {
        const { repository } = await catalogue()
        const attached = Object.fromEntries(HOSTILE_VALUES.map((value, index) => [`key${index}`, value]))
        for (const [index, value] of HOSTILE_VALUES.entries()) {
          const request = requested({ id: idAt(index), attached, partitions: ['/sales'], change: { caller: { number: value, name: value }, agent: value, queue: value } })
          await repository.apply(SOURCE, journalled([request], index))
          expect(await repository.find(idAt(index), ALL), JSON.stringify(value.slice(0, 20))).to.deep.equal(recordingFrom([request]))
        }
      })
    })

    describe('access by id', () => {
      it('reaches a recording through its partition and those that contain it', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled([requested({ id: ID, partitions: ['/sales/gold', '/support'] })]))
        for (const [path, reached] of [['/sales/gold', true], ['/sales', true], ['/support', true], ['/sales/silver', false], ['/sal', false], ['/Sales', false], ['/sales ', false], ['/', false]] as const) {
          expect((await repository.find(ID, { type: 'named', partitions: ['/elsewhere', path], units: [] })) !== null, path).to.equal(reached)
        }
        for (const scope of [{ type: 'none' }, { type: 'named', partitions: [], units: [] }] as const) expect(await repository.find(ID, scope)).to.equal(null)
      })

      it('is the agent\'s who was heard, by that name in each of its spellings, and nobody else\'s', async () => {
        const { repository } = await catalogue()
        const [mine, other] = [wholeLife({ id: ID }), wholeLife({ id: idAt(50) })]
        const named = mine.map((fact) => heardAs(fact, 'Zo\u00eb'))
        await repository.apply(SOURCE, journalled([...named, ...other]))
        for (const [agent, found] of [['Zoe\u0308', [ID]], ['zo\u00eb', []], ['agent A', [idAt(50)]], ['agent', []], ['PJSIP/agentA', []]] as const) {
          const scope: AccessScope = { type: 'agent', agent }
          const seen = await Promise.all([ID, idAt(50)].map(async (id) => (await repository.find(id, scope))?.id ?? []))
          expect(seen.flat(), agent).to.deep.equal(found)
          expect((await repository.search({ filter: ANY_RECORDING, scope, first: 10, before: null })).recordings.map(({ id }) => id), agent).to.deep.equal(found)
        }
      })

      it('is the agent\'s also when her name is learnt while she is heard', async () => {
        const { repository } = await catalogue()
        const facts = wholeLife({ id: ID })
        const heard = facts.slice(0, facts.findIndex(({ type }) => type === 'party-joined') + 1).map((fact) => heardAs(fact, null))
        await repository.apply(SOURCE, journalled(heard))
        expect(await repository.find(ID, { type: 'agent', agent: 'anna' })).to.equal(null)
        await repository.apply(SOURCE, journalled([{ type: 'party-named', recordingId: ID, channelId: AGENT_CHANNEL, agent: 'anna', at: seconds(2) }], heard.length))
        expect((await repository.find(ID, { type: 'agent', agent: 'anna' }))?.parties[0]?.agent).to.equal('anna')
      })

      it('does not tell a recording out of reach from one that is not there', async () => {
        const { repository } = await stored()
        expect(await repository.find(idAt(5), ALL)).to.equal(null)
        expect(await repository.findInteraction(parseInteractionId(`i-${ID}`), { type: 'named', partitions: ['/other'], units: [] })).to.equal(null)
        expect(await repository.findInteraction(parseInteractionId('i-nobody'), ALL)).to.equal(null)
      })
    })

    describe('interactions', () => {
      it('gives the recordings of an interaction that the scope reaches', async () => {
        const { repository } = await catalogue()
        const facts = [...wholeLife({ id: idAt(0), interaction: 'i-1', partitions: ['/a'] }), ...wholeLife({ id: idAt(1), interaction: 'i-1', partitions: ['/b'] })]
        await repository.apply(SOURCE, journalled(facts))
        const ids = async (scope: AccessScope): Promise<readonly RecordingId[] | undefined> => (await repository.findInteraction(parseInteractionId('i-1'), scope))?.recordings.map(({ id }) => id)
        expect(await ids(ALL)).to.deep.equal([idAt(1), idAt(0)])
        expect(await ids({ type: 'named', partitions: ['/a'], units: [] })).to.deep.equal([idAt(0)])
      })

      it('follows merges, however many and in whatever order they are told', async () => {
        const { repository } = await catalogue()
        const opened = (['i-a', 'i-b', 'i-c'] as const).map((id, index) => ({ type: 'interaction-opened', interactionId: parseInteractionId(id), at: seconds(index) }) as const)
        const merged = (from: string, into: string) => ({ type: 'interaction-merged', interactionId: parseInteractionId(from), mergedIntoId: parseInteractionId(into), at: seconds(9) }) as const
        const recordings = (['i-a', 'i-b', 'i-c'] as const).map((interaction, index) => requested({ id: idAt(index), interaction }))
        await repository.apply(SOURCE, journalled([...opened, ...recordings, merged('i-a', 'i-b'), merged('i-b', 'i-c'), merged('i-a', 'i-b')]))
        for (const id of ['i-a', 'i-b', 'i-c']) {
          const found = await repository.findInteraction(parseInteractionId(id), ALL)
          expect(found?.interaction).to.deep.equal({ id: 'i-c', startedAt: seconds(2), endedAt: null, mergedIntoId: null })
          expect(found?.recordings.map((recording) => [recording.id, recording.interactionId])).to.deep.equal([[idAt(2), 'i-c'], [idAt(1), 'i-b'], [idAt(0), 'i-a']])
        }
      })

      it('ends with the last word of its nodes, and is open again when more is asked for under it', async () => {
        const { repository } = await catalogue()
        const interactionId = parseInteractionId('i-a')
        const endedAt = async (): Promise<Date | null | undefined> => (await repository.findInteraction(interactionId, ALL))?.interaction.endedAt
        const told = (type: 'interaction-opened' | 'interaction-ended', second: number) => ({ type, interactionId, at: seconds(second) }) as const
        await repository.apply(SOURCE, journalled([told('interaction-opened', 0), told('interaction-ended', 5), told('interaction-ended', 7), told('interaction-ended', 6), told('interaction-opened', 1)]))
        expect(await endedAt()).to.deep.equal(seconds(7))
        await repository.apply(SOURCE, journalled([told('interaction-opened', 8)], 5))
        expect(await endedAt()).to.equal(null)
      })

      it('takes no harm from a merge in a circle', async () => {
        const { repository } = await catalogue()
        const merged = (from: string, into: string) => ({ type: 'interaction-merged', interactionId: parseInteractionId(from), mergedIntoId: parseInteractionId(into), at: seconds(9) }) as const
        const opened = (['i-a', 'i-b'] as const).map((id) => ({ type: 'interaction-opened', interactionId: parseInteractionId(id), at: seconds(0) }) as const)
        await repository.apply(SOURCE, journalled([...opened, merged('i-a', 'i-b'), merged('i-b', 'i-a'), merged('i-b', 'i-b')]))
        expect((await repository.findInteraction(parseInteractionId('i-a'), ALL))?.interaction.id).to.equal('i-b')
      })
    })

    describe('media', () => {
      it('keeps what ingest made, with the header in force', async () => {
        const { repository } = await stored()
        const found = await repository.find(ID, ALL)
        expect(found?.state).to.equal('stored')
        expect(found?.media).to.deep.equal(mediaOf(ID))
        expect(found?.findings).to.deep.equal(soundOf(ID).findings)
        expect(Buffer.from(await repository.mediaHeader(ID) ?? [])).to.deep.equal(Buffer.from(soundOf(ID).header))
        expect(await repository.mediaHeader(idAt(1))).to.equal(null)
      })

      it('does each step once, however often it is asked', async () => {
        const { repository, audit } = await stored()
        await repository.beginIngest(ID)
        await repository.recordMedia(ID, soundOf(ID), told('recording.stored'))
        expect((await repository.find(ID, ALL))?.findings).to.deep.equal(soundOf(ID).findings)
        expect((await audit.read({ ...NO_AUDIT_FILTER, action: 'recording.stored' }, { first: 10, before: null })).entries.length).to.equal(1)
      })

      for (const [state, reason] of [['failed', 'ingest-failed'], ['not-recorded', 'no-audio']] as const) {
        it(`closes a recording without media as ${state}, once`, async () => {
          const { repository, audit } = await catalogue()
          await repository.apply(SOURCE, journalled(wholeLife({ id: ID })))
          await repository.beginIngest(ID)
          const finding = { code: 'empty', segmentIndex: 0, details: { sizeBytes: 44 }, at: seconds(60) } as const
          await repository.closeWithoutMedia(ID, { state, reason, findings: [finding] }, told('recording.failed'))
          await repository.closeWithoutMedia(ID, { state, reason, findings: [finding] }, told('recording.failed'))
          const found = await repository.find(ID, ALL)
          expect({ state: found?.state, reason: found?.reason, findings: found?.findings }).to.deep.equal({ state, reason, findings: [finding] })
          expect((await audit.read({ ...NO_AUDIT_FILTER, action: 'recording.failed' }, { first: 10, before: null })).entries.length).to.equal(1)
        })
      }

      it('stores the sound of a recording that had failed when it turns up', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled(wholeLife({ id: ID })))
        await repository.beginIngest(ID)
        await repository.closeWithoutMedia(ID, { state: 'failed', reason: 'spool-file-missing', findings: [] }, told('recording.failed'))
        await repository.beginIngest(ID)
        await repository.recordMedia(ID, soundOf(ID), told('recording.stored'))
        expect((await repository.find(ID, ALL))?.state).to.equal('stored')
      })

      it('tells of what was stored after all why it ended, and what was found in it once', async () => {
        const { repository } = await catalogue()
        await repository.apply(SOURCE, journalled(wholeLife({ id: ID })))
        const ended = (await repository.find(ID, ALL))?.reason
        const finding = { code: 'pause-not-located', segmentIndex: 0, details: { pause: 0 }, at: seconds(60) } as const
        for (const reason of ['quarantined', 'ingest-failed'] as const) {
          await repository.beginIngest(ID)
          await repository.closeWithoutMedia(ID, { state: 'failed', reason, findings: reason === 'quarantined' ? [finding, ...soundOf(ID).findings] : [] }, told('recording.failed'))
          expect((await repository.find(ID, ALL))?.reason).to.equal(reason)
        }
        await repository.beginIngest(ID)
        await repository.recordMedia(ID, soundOf(ID), told('recording.stored'))
        const found = await repository.find(ID, ALL)
        expect({ reason: found?.reason, findings: found?.findings }).to.deep.equal({ reason: ended, findings: soundOf(ID).findings })
        expect(ended).not.to.equal(null)
      })

      it('refuses media before ingest began, and of a recording that it does not know; nothing is left of it', async () => {
        const { repository, audit } = await catalogue()
        await repository.apply(SOURCE, journalled(wholeLife({ id: ID })))
        await expectCode(repository.recordMedia(ID, soundOf(ID), told('recording.stored')), 'ILLEGAL_TRANSITION')
        await expectCode(repository.recordMedia(idAt(7), soundOf(idAt(7)), told('recording.stored')), 'RECORDING_NOT_FOUND')
        await expectCode(repository.beginIngest(idAt(7)), 'RECORDING_NOT_FOUND')
        expect((await repository.find(ID, ALL))?.media).to.equal(null)
        expect((await audit.read({ ...NO_AUDIT_FILTER, action: 'recording.stored' }, { first: 10, before: null })).entries).to.deep.equal([])
      })

      it('knows the recording of a spool file by its exact name', async () => {
        const { repository } = await stored()
        expect(await repository.knowsSpoolFile(`${ID}.1.rx.wav`)).to.equal(ID)
        for (const other of [`${ID}.1.RX.wav`, `${ID}.1.rx.wav `, `x${ID}.1.rx.wav`]) expect(await repository.knowsSpoolFile(other), other).to.equal(null)
      })
    })
  })
}

/** What comes over the wire sooner or later. */
export const HOSTILE_VALUES: readonly string[] = [
  '', ' ', 'gold', 'Gold', 'gold ', ' gold', 'göld', '🤝', '👍🏽', `'`, '"', '\\', `\\'`, `' or '1'='1`, `'; drop table recordings; --`, '%', '_', '?', ':a', '$1', '{}', 'null',
  'line\r\nbreak', 'nul\u0000byte', '../../etc/passwd', 'x'.repeat(223), 'x'.repeat(224), 'x'.repeat(255), 'x'.repeat(4095) + 'a', 'x'.repeat(4095) + 'b', 'ü'.repeat(2048),
]

const NO_AUDIT_FILTER = { objectId: null, actorId: null, action: null, from: null, to: null }

function soundOf(id: RecordingId): StoredMedia {
  return {
    media: mediaOf(id),
    header: Uint8Array.from([0, 1, 2, 254, 255, 10, 39, 92]),
    recipients: ['age1operational', 'age1escrow'],
    sounds: [{ segmentIndex: 0, beganAt: seconds(1), durationMs: 4200, lanes: 'both' }],
    findings: [
      { code: 'gap', segmentIndex: 1, details: { gapMs: 10 }, at: seconds(60) },
      { code: 'drift', segmentIndex: null, details: { driftMs: 41, toleranceMs: 40 }, at: seconds(61) },
    ],
  }
}

function told(action: AuditDraft['action']): AuditDraft {
  return { at: seconds(60), actor: { type: 'system', id: 'ingest' }, action, object: { type: 'recording', id: ID }, outcome: 'ok', reason: null, details: { durationMs: 9475 }, personal: {} }
}

function heardAs(fact: CaptureFact, agent: string | null): CaptureFact {
  return fact.type === 'party-joined' ? { ...fact, party: { ...fact.party, agent } } : fact
}
