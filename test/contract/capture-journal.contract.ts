import { afterEach, describe, it } from 'mocha'
import { expect } from 'chai'
import type { AttachedData } from '../../core/domain/attached-data.ts'
import type { CaptureFact, RecordingRequested } from '../../core/domain/capture-fact.ts'
import { parseCallId, parseChannelId, parseInteractionId, parsePbxId, parseSeatId } from '../../core/domain/ids.ts'
import { recordingIdTime } from '../../core/domain/recording-id.ts'
import type { CaptureJournal } from '../../core/ports/capture-journal.ts'
import { idAt, MORNING, recordingFrom, requested, seconds, wholeLife } from '../support/recording-facts.ts'

const PBX = parsePbxId('pbx-1')

/** What every journal does. `open` gives an empty one. */
export function captureJournalContract(name: string, open: () => Promise<CaptureJournal>): void {
  describe(`${name} is a CaptureJournal`, () => {
    const opened: CaptureJournal[] = []
    const journal = async (): Promise<CaptureJournal> => {
      const one = await open()
      opened.push(one)
      return one
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
    })

    it('gives back every fact as it was told, in order, numbered from 1', async () => {
      const one = await journal()
      const facts = wholeLife({ id: idAt(0), partitions: ['/sales/gold'], attached: HOSTILE })
      await one.append(facts.slice(0, 3))
      await one.append(facts.slice(3))
      expect(await one.unforwarded(100)).to.deep.equal(facts.map((fact, index) => ({ sequence: index + 1, fact })))
    })

    it('has a name of its own that stays', async () => {
      const [one, other] = [await journal(), await journal()]
      expect(await one.id()).to.match(/^[0-9a-f-]{36}$/).and.to.equal(await one.id())
      expect(await other.id()).not.to.equal(await one.id())
    })

    it('keeps a strange value that looks like an instant as the text that it was', async () => {
      const one = await journal()
      const attached = { createdAt: '2026-03-02T08:00:00.000Z', at: '{"$at":1}' }
      await one.append([requested({ id: idAt(0), attached })])
      expect((await one.recording(idAt(0)))?.attached).to.deep.equal(attached)
    })

    it('appends nothing when there is nothing to append', async () => {
      const one = await journal()
      await one.append([])
      expect(await one.unforwarded(1)).to.deep.equal([])
    })

    it('forgets what was forwarded, and only that', async () => {
      const one = await journal()
      const facts = wholeLife({ id: idAt(0) })
      await one.append(facts)
      await one.markForwarded(5)
      expect((await one.unforwarded(2)).map(({ sequence }) => sequence)).to.deep.equal([6, 7])
      await one.markForwarded(facts.length)
      expect(await one.unforwarded(2)).to.deep.equal([])
      await one.append([requested({ id: idAt(1) })])
      expect((await one.unforwarded(2)).map(({ sequence }) => sequence)).to.deep.equal([facts.length + 1])
    })

    it('knows what a catalogue lacks that has taken less than it was told', async () => {
      const one = await journal()
      const facts = wholeLife({ id: idAt(0) })
      expect(await one.forwardedBeyond(0)).to.deep.equal({ count: 0, firstAt: null })
      await one.append(facts)
      expect(await one.forwardedBeyond(0), 'told nothing yet').to.deep.equal({ count: 0, firstAt: null })
      await one.markForwarded(5)
      expect(await one.forwardedBeyond(0)).to.deep.equal({ count: 5, firstAt: facts[0]?.at })
      expect(await one.forwardedBeyond(3)).to.deep.equal({ count: 2, firstAt: facts[3]?.at })
      expect(await one.forwardedBeyond(5)).to.deep.equal({ count: 0, firstAt: null })
    })

    it('forgets the facts of destroyed recordings that the catalogue has, and no others', async () => {
      const one = await journal()
      const [gone, kept, live] = [wholeLife({ id: idAt(0) }), wholeLife({ id: idAt(60) }), wholeLife({ id: idAt(120) }).slice(0, 6)]
      await one.append([...kept, ...live, ...gone])
      await one.markForwarded(kept.length + live.length + gone.length - 2)
      expect(await one.forgottenUntil()).to.equal(null)
      expect(await one.forget([idAt(0), idAt(120)], seconds(900))).to.equal(gone.filter((fact) => 'recordingId' in fact).length - 1)
      expect(await one.recording(idAt(0))).to.equal(null)
      expect(await one.recording(idAt(60))).to.deep.equal(recordingFrom(kept))
      expect((await one.liveRecordings()).map(({ id }) => id)).to.deep.equal([idAt(120)])
      expect(await one.unforwarded(10)).to.deep.equal(gone.slice(-2).map((fact, index) => ({ sequence: kept.length + live.length + gone.length - 1 + index, fact })))
      expect(await one.forget([idAt(0)], seconds(800))).to.equal(0)
      expect(await one.forgottenUntil()).to.deep.equal(seconds(900))
      await one.append([{ type: 'interaction-ended', interactionId: parseInteractionId('i-9'), at: seconds(1) }])
      expect((await one.unforwarded(10)).at(-1)?.sequence).to.equal(kept.length + live.length + gone.length + 1)
    })

    it('counts an interaction once on each account, and leaves out the one that asks', async () => {
      const one = await journal()
      const [first, second] = [parseInteractionId('i-1'), parseInteractionId('i-2')]
      const long = `["${'x'.repeat(2000)}"]`
      await one.countOnQuotas(first, ['weekly', long])
      await one.countOnQuotas(first, ['weekly'])
      await one.countOnQuotas(second, ['weekly'])
      await one.countOnQuotas(second, [])
      expect(await one.quotaCounts(['weekly', long, `${long} `, 'daily'], parseInteractionId('i-3'))).to.deep.equal(new Map([['weekly', 2], [long, 1], [`${long} `, 0], ['daily', 0]]))
      expect(await one.quotaCounts(['weekly'], first)).to.deep.equal(new Map([['weekly', 1]]))
      expect(await one.quotaCounts([], first)).to.deep.equal(new Map())
    })

    it('forgets accounts whose period is over, long ones too, and no others', async () => {
      const one = await journal()
      const account = (period: string, subject = 'anna'): string => JSON.stringify(['rule', 'agent', subject, period])
      const [over, long, running] = [account('2026-11-20'), account('2026-10', 'x'.repeat(2000)), account('2026-W47')]
      await one.countOnQuotas(parseInteractionId('i-1'), [over, long, running])
      await one.countOnQuotas(parseInteractionId('i-2'), [over])
      expect(await one.forgetQuotas(new Date('2026-11-22T08:00:00Z'))).to.equal(3)
      expect(await one.forgetQuotas(new Date('2026-11-22T08:00:01Z'))).to.equal(0)
      expect(await one.quotaCounts([over, long, running], parseInteractionId('i-3'))).to.deep.equal(new Map([[over, 0], [long, 0], [running, 1]]))
    })

    it('keeps a policy that was used among the facts', async () => {
      const one = await journal()
      const fact = { type: 'policy-used', version: 'ab', canonical: '{"format":1}', at: MORNING } as const
      await one.append([fact])
      expect(await one.unforwarded(1)).to.deep.equal([{ sequence: 1, fact }])
      expect(await one.liveRecordings()).to.deep.equal([])
    })

    it('knows which legs are expected and not over yet', async () => {
      const one = await journal()
      const key = { pbxId: PBX, channelId: parseChannelId('1.1'), side: 'source', fromAt: seconds(1) } as const
      const other = { ...key, side: 'destination' } as const
      const expectation = { callId: parseCallId('1.1'), interactionId: parseInteractionId('i-1'), rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(1) } as const
      const open = { type: 'expectation-opened', ...expectation, at: seconds(1) } as const
      const opened = [{ ...open, ...key }, { ...open, ...other }]
      await one.append([...opened, ...opened])
      expect(await one.openExpectations()).to.have.deep.members([{ ...key, ...expectation }, { ...other, ...expectation }])
      await one.append([{ type: 'expectation-closed', ...key, toAt: seconds(2), end: 'hangup', at: seconds(2) }])
      expect(await one.openExpectations()).to.deep.equal([{ ...other, ...expectation }])
    })

    it('knows how far a PBX was seen, and since when it is not', async () => {
      const one = await journal()
      expect(await one.observation(PBX)).to.equal(null)
      await one.noteObserved(PBX, seconds(5))
      await one.noteObserved(PBX, seconds(4))
      expect(await one.observation(PBX)).to.deep.equal({ until: seconds(5), lostAt: null })
      await one.append([{ type: 'observation-lost', pbxId: PBX, because: 'link-down', at: seconds(7) }, { type: 'observation-lost', pbxId: PBX, because: 'process-down', at: seconds(8) }])
      expect(await one.observation(PBX)).to.deep.equal({ until: seconds(8), lostAt: seconds(7) })
      await one.append([{ type: 'observation-regained', pbxId: PBX, because: null, callsFound: 0, at: seconds(9) }])
      expect(await one.observation(PBX)).to.deep.equal({ until: seconds(9), lostAt: null })
      expect(await one.observation(parsePbxId('other'))).to.equal(null)
      const key = { pbxId: PBX, channelId: parseChannelId('1.1'), side: 'source', fromAt: seconds(10) } as const
      await one.append([{ type: 'expectation-opened', ...key, callId: parseCallId('1.1'), interactionId: parseInteractionId('i-1'), rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(10), at: seconds(10) }])
      expect(await one.observation(PBX), 'a leg was seen').to.deep.equal({ until: seconds(10), lostAt: null })
      await one.append([{ type: 'expectation-closed', ...key, toAt: seconds(11), end: 'ended-unseen', at: seconds(12) }])
      expect(await one.observation(PBX), 'nobody saw that').to.deep.equal({ until: seconds(10), lostAt: null })
    })

    it('rebuilds a recording from its facts', async () => {
      const one = await journal()
      const facts = wholeLife({ id: idAt(0) })
      await one.append([...facts, ...wholeLife({ id: idAt(1) })])
      expect(await one.recording(idAt(0))).to.deep.equal(recordingFrom(facts))
      expect(await one.recording(idAt(2))).to.equal(null)
    })

    it('knows the recordings whose sound may still come', async () => {
      const one = await journal()
      const running = wholeLife({ id: idAt(1) }).slice(0, 11)
      await one.append([...wholeLife({ id: idAt(0) }), ...running, requested({ id: idAt(2) }), requested({ id: idAt(3) })])
      await one.append([{ type: 'recording-declined', recordingId: idAt(3), at: seconds(4), reason: 'not-wanted' }])
      expect((await one.liveRecordings()).toSorted((a, b) => Number(a.id) - Number(b.id))).to.deep.equal([recordingFrom(running), recordingFrom([requested({ id: idAt(2) })])])
    })

    it('knows the interactions whose end was not told, of which calls they consist and what they are a part of', async () => {
      const one = await journal()
      const asked = (second: number, interaction: string, change: Partial<RecordingRequested> = {}) => requested({ id: idAt(second), interaction, change })
      const second = { callId: parseCallId('2.1') }
      const merged = { type: 'interaction-merged', interactionId: parseInteractionId('i-b'), mergedIntoId: parseInteractionId('i-a'), at: seconds(5) } as const
      await one.append([asked(1, 'i-a'), asked(2, 'i-a', second), asked(3, 'i-a'), asked(4, 'i-b', { direction: 'internal', callId: parseCallId('3.1') }), merged, merged, asked(6, 'i-c')])
      await one.append([{ type: 'interaction-ended', interactionId: parseInteractionId('i-c'), at: seconds(7) }])
      const call = (callId: string) => ({ pbxId: parsePbxId('pbx-1'), callId: parseCallId(callId) })
      expect((await one.openInteractions()).toSorted((a, b) => a.id < b.id ? -1 : 1)).to.deep.equal([
        { id: 'i-a', startedAt: seconds(1), party: 'customer', calls: [call('1772438400.1'), call('2.1')], mergedIntoId: null },
        { id: 'i-b', startedAt: seconds(4), party: 'colleagues', calls: [call('3.1')], mergedIntoId: 'i-a' },
      ])
    })

    it('knows the pauses of conversations that nothing has ended, as they were told first', async () => {
      const one = await journal()
      const paused = (interaction: string, second: number) => ({
        type: 'interaction-paused', interactionId: parseInteractionId(interaction), pbxId: parsePbxId('pbx-1'), by: 'desk', how: 'api',
        legs: [{ pbxId: parsePbxId('pbx-1'), channelId: parseChannelId('1.2') }], limitMs: 60_000, endsWith: ['transfer'], at: seconds(second),
      }) as const
      const resumed = { type: 'interaction-resumed', interactionId: parseInteractionId('i-1'), by: 'desk', how: 'api', at: seconds(3) } as const
      await one.append([paused('i-2', 2), paused('i-1', 1), paused('i-2', 5)])
      expect(await one.openPauses()).to.deep.equal([paused('i-1', 1), paused('i-2', 2)])
      await one.append([resumed, resumed])
      expect(await one.openPauses()).to.deep.equal([paused('i-2', 2)])
      await one.append([paused('i-1', 9)])
      expect((await one.openPauses()).map(({ at }) => at)).to.deep.equal([seconds(2), seconds(9)])
    })

    it('knows which leg asked for which recordings, also where none was made', async () => {
      const one = await journal()
      const of = (second: number, channelId: string, pbx = 'pbx-1'): CaptureFact => requested({ id: idAt(second), change: { channelId: parseChannelId(channelId), pbxId: parsePbxId(pbx) } })
      await one.append([of(0, 'a.1'), of(1, 'a.1'), of(2, 'b.1'), of(3, 'a.1', 'pbx-2'), { type: 'recording-declined', recordingId: idAt(1), at: seconds(4), reason: 'not-wanted' }])
      const asked = await one.askedBy(parsePbxId('pbx-1'), ['a.1', 'c.1'].map((leg) => parseChannelId(leg)))
      expect(asked.map(({ id, state }) => [id, state])).to.deep.equal([[idAt(0), 'requested'], [idAt(1), 'not-recorded']])
      expect(await one.askedBy(parsePbxId('pbx-1'), [])).to.deep.equal([])
      expect(await one.askedBy(parsePbxId('pbx-1'), Array.from({ length: 1201 }, (_, index) => parseChannelId(`x.${index}`)).concat(parseChannelId('b.1')))).to.have.length(1)
    })

    it('knows who sits where', async () => {
      const one = await journal()
      const taken = (id: number, agent: string): Extract<CaptureFact, { type: 'seat-taken' }> => ({
        type: 'seat-taken', by: { type: 'pbx', id: 'main' }, at: seconds(id),
        seat: { id: parseSeatId(`00000000-0000-4000-8000-00000000000${id}`), agent, desk: { pbxId: parsePbxId('main'), endpoint: 'PJSIP/200' }, source: 'queue', fromAt: seconds(id) },
      })
      const [anna, bert] = [taken(1, 'anna'), taken(2, `O'Hara 🤝`)]
      await one.append([anna, bert])
      await one.append([anna])
      expect(await one.openSeats()).to.deep.equal([anna.seat, bert.seat])
      await one.append([{ ...anna, type: 'seat-left', at: seconds(9) }])
      expect(await one.openSeats()).to.deep.equal([bert.seat])
      expect((await one.unforwarded(9)).map(({ fact }) => fact.type)).to.deep.equal(['seat-taken', 'seat-taken', 'seat-taken', 'seat-left'])
    })

    it('finds the recording of a spool file by its exact name', async () => {
      const one = await journal()
      await one.append(wholeLife({ id: idAt(0) }))
      expect(await one.recordingOfFile(`${idAt(0)}.1.tx.wav`)).to.equal(idAt(0))
      for (const other of [`${idAt(0)}.1.TX.wav`, `${idAt(0)}.1.tx.wav `, `${idAt(0)}.1.tx`, '']) expect(await one.recordingOfFile(other), other).to.equal(null)
    })

    it('never gives an id twice, also before the first fact of either is written', async () => {
      const one = await journal()
      const now = new Date()
      const ids = await Promise.all(Array.from({ length: 200 }, () => one.mintRecordingId(now)))
      expect(new Set(ids).size).to.equal(200)
    })

    it('gives an id that tells when its recording began, also hours later', async () => {
      const one = await journal()
      await one.mintRecordingId(new Date())
      expect(recordingIdTime(await one.mintRecordingId(MORNING))).to.deep.equal(MORNING)
    })
  })
}

const HOSTILE: AttachedData = {
  sql: `'); drop table journal_facts; --`, lines: 'a\r\nb\u0000c', long: 'x'.repeat(4096), emoji: '🤝', constructor: 'nobody', trailing: 'Gold  ',
}
