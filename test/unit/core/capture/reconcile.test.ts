import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parseRecordingId } from '../../../../core/domain/ids.ts'
import { isVoid } from '../../../../core/domain/recording.ts'
import type { NativeRecording } from '../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'

/** The service is killed: another one starts over the same journal, and the PBX has gone on. */
async function restarted(bench: CaptureBench, natives: readonly NativeRecording[] = []): Promise<CaptureBench> {
  return await CaptureBench.open({ pbx: bench.pbx.forNextService(natives), journal: bench.journal, spool: bench.spool })
}

const actor = { type: 'token', id: 'agent-desktop' } as const
const signal = AbortSignal.timeout(60_000)

describe('capture after a gap in the events', () => {
  it('goes on with a recording whose call goes on, and ends it with the call', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    await before.settled()
    const after = await restarted(before)
    expect(after.only()).to.include({ state: 'recording' })
    expect(after.pbx.recorders.size, 'no second recorder').to.equal(1)
    after.pbx.after(5000).hangsUp(customer)
    await after.settled()
    expect(after.only()).to.include({ state: 'stopped', reason: 'hangup' })
  })

  it('ends a recording whose call ended meanwhile, at the last write of its file', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    await before.settled()
    const name = before.only().segments[0]?.files.received ?? ''
    const lastWrite = new Date(before.pbx.now.getTime() + 7000)
    before.spool.set(name, { name, sizeBytes: 100, modifiedAt: lastWrite })
    before.pbx.after(60_000).vanishes(customer)
    const after = await restarted(before)
    expect(after.only()).to.deep.include({ state: 'stopped', reason: 'ended-unseen', endedAt: lastWrite })
  })

  it('ends it also when the journal refuses that at first', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.after(4000).disconnect()
    bench.pbx.vanishes(customer)
    await bench.settled()
    bench.journal.refusals.set('recording-stopped', 1)
    bench.pbx.after(3000).connect()
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'ended-unseen' })
    expect(bench.live.interactions.all()).to.deep.equal([])
  })

  it('says that the PBX was restarted, and that the calls lasted until it was lost', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.after(4000).disconnect()
    const lostAt = bench.pbx.now
    bench.pbx.vanishes(customer)
    bench.pbx.after(3000)
    bench.pbx.connect([], bench.pbx.now)
    await bench.settled()
    expect(bench.only()).to.deep.include({ state: 'stopped', reason: 'pbx-restarted', endedAt: lostAt })
  })

  it('puts a pause in force again', async () => {
    const before = await CaptureBench.open()
    before.pbx.asks(before.pbx.call('customer'), { record: 'source' })
    await before.settled()
    await before.control.control({ action: 'pause', target: { recordingId: before.only().id }, by: actor, person: null, how: 'api' }, signal)
    for (const recorder of before.pbx.recorders.values()) recorder.masked = false
    const after = await restarted(before)
    expect([...after.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true])
    expect(after.only().state).to.equal('paused')
  })

  it('ends a pause when its end was asked for, though nobody saw it: what was said since then is kept', async () => {
    const before = await CaptureBench.open()
    before.pbx.asks(before.pbx.call('customer'), { record: 'source' })
    await before.settled()
    const target = { recordingId: before.only().id }
    await before.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, signal)
    before.pbx.after(2000)
    await before.control.control({ action: 'resume', target, by: actor, person: null, how: 'api' }, signal)
    const askedAt = before.pbx.now
    before.journal.facts.splice(before.journal.facts.findIndex(({ fact }) => fact.type === 'resume-effective'))
    before.pbx.after(5000)
    const after = await restarted(before)
    expect(after.only().state).to.equal('recording')
    expect(after.only().pauses[0]?.resumedAt).to.deep.equal(askedAt)
    expect([...after.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([false])
  })

  it('is not stopped by one recording that cannot be gone on with', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    before.pbx.asks(before.pbx.call('other'), { record: 'source' })
    await before.settled()
    await before.control.control({ action: 'pause', target: { recordingId: before.recordings()[0]?.id ?? parseRecordingId('1') }, by: actor, person: null, how: 'api' }, signal)
    const gone = before.pbx.call('gone')
    before.pbx.asks(gone, { record: 'source' })
    await before.settled()
    before.pbx.vanishes(gone)
    const next = before.pbx.forNextService()
    next.failures.set('mask', new HoldfastError('CHANNEL_GONE', 'No such channel'))
    const after = await CaptureBench.open({ pbx: next, journal: before.journal, spool: before.spool })
    expect(after.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'recording', 'stopped'])
  })

  it('begins the recorder that was journalled but never asked for', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    await before.settled()
    const started = before.journal.facts.findIndex(({ fact }) => fact.type === 'segment-started')
    before.journal.facts.splice(started)
    before.pbx.recorders.clear()
    const after = await restarted(before)
    expect(after.only().state).to.equal('recording')
    expect(after.only().segments.map(({ files }) => files.received), 'never the same file name twice').to.have.length(2)
    expect(after.pbx.recorders.size).to.equal(1)
  })

  it('believes in a recorder whose file is there though its answer was never seen', async () => {
    const before = await CaptureBench.open()
    before.pbx.asks(before.pbx.call('customer'), { record: 'source' })
    await before.settled()
    const name = before.only().segments[0]?.files.received ?? ''
    before.spool.set(name, { name, sizeBytes: 44, modifiedAt: before.pbx.now })
    before.journal.facts.splice(before.journal.facts.findIndex(({ fact }) => fact.type === 'segment-started'))
    const after = await restarted(before)
    expect(after.only().segments).to.have.length(1)
    expect(after.only().segments[0]?.recorderId).to.equal([...after.pbx.recorders.keys()][0])
  })
})

describe('adoption of native recordings', () => {
  const nativeOn = (bench: CaptureBench, name: string, attached: Readonly<Record<string, string>>): NativeRecording => {
    const channel = bench.pbx.call(name)
    return {
      type: 'native-recording', began: 'yes', ...bench.pbx.of(channel), because: 'no-answer', recorderId: 'native-1', direction: 'inbound',
      files: { received: `holdfast/native-${channel.channelId}.rx.wav`, transmitted: `holdfast/native-${channel.channelId}.tx.wav` },
      caller: channel.caller, dialled: '100', attached, headers: {}, interactionId: null, announcement: null,
    }
  }

  it('keeps one that the rules want, once, however often it is told', async () => {
    const bench = await CaptureBench.open()
    const announcement = { prompt: 'recorded', outcome: 'played', startedAt: bench.pbx.now, endedAt: bench.pbx.now } as const
    const native = { ...nativeOn(bench, 'customer', { record: 'source', GRECORD_PARTITIONS: '/sales' }), announcement }
    bench.pbx.emit(native)
    bench.pbx.emit(native)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'recording', origin: 'native', side: 'source' })
    expect(bench.only().partitions).to.deep.equal(['/sales'])
    expect(bench.only().announcement).to.deep.equal(announcement)
    expect(bench.pbx.forgotten).to.include(native.channelId)
  })

  it('discards one that the rules do not want, and says so', async () => {
    const bench = await CaptureBench.open()
    const native = nativeOn(bench, 'customer', { record: '' })
    for (const name of [native.files.received, native.files.transmitted]) bench.spool.set(name, { name, sizeBytes: 44, modifiedAt: bench.pbx.now })
    bench.pbx.emit(native)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'not-recorded', reason: 'not-wanted', origin: 'native' })
    expect(bench.spool.size).to.equal(0)
  })

  it('stores one whose whole call passed while nobody listened', async () => {
    const bench = await CaptureBench.open()
    const native = { ...nativeOn(bench, 'customer', { record: 'source' }) }
    const lastWrite = new Date(bench.pbx.now.getTime() + 9000)
    bench.spool.set(native.files.received, { name: native.files.received, sizeBytes: 1000, modifiedAt: lastWrite })
    const after = await CaptureBench.open({ journal: bench.journal, spool: bench.spool })
    after.pbx.connect([native])
    await after.settled()
    expect(after.only()).to.deep.include({ state: 'stopped', reason: 'ended-unseen', origin: 'native', endedAt: lastWrite })
  })

  it('is what a recording of the other leg becomes, when the service died before that leg rang', async () => {
    const before = await CaptureBench.open()
    const native = nativeOn(before, 'customer', { record: 'destination' })
    before.pbx.emit({ ...native, type: 'recording-asked', requestId: 'request' })
    await before.settled()
    expect(before.only()).to.include({ state: 'requested', side: 'destination' })
    const after = await restarted(before, [native])
    expect(after.recordings().map(({ state, reason, side, origin }) => ({ state, reason, side, origin }))).to.deep.equal([
      { state: 'not-recorded', reason: 'superseded', side: 'destination', origin: 'controlled' },
      { state: 'recording', reason: null, side: 'source', origin: 'native' },
    ])
  })

  for (const call of ['goes on', 'has ended'] as const) {
    it(`makes the native files the sound of a recording that was journalled but never begun, when the call ${call}`, async () => {
      const before = await CaptureBench.open()
      const native = nativeOn(before, 'customer', { record: 'source' })
      before.pbx.emit({ ...native, type: 'recording-asked', requestId: 'request' })
      await before.settled()
      before.journal.facts.splice(before.journal.facts.findIndex(({ fact }) => fact.type === 'segment-started'))
      before.pbx.recorders.clear()
      if (call === 'has ended') before.pbx.vanishes(before.pbx.channelOf(native.channelId))
      before.pbx.after(5000)
      const after = await restarted(before, [native])
      expect(after.only().state).to.equal(call === 'goes on' ? 'recording' : 'stopped')
      expect(after.only().segments.map(({ files }) => files).at(-1)).to.deep.equal(native.files)
      expect(after.only().segments.map((segment) => isVoid(segment)), 'the one that never ran').to.deep.equal([true, false])
      expect(after.pbx.recorders.size, 'no second recorder').to.equal(0)
    })
  }

  it('wins over a recorder of ours that began after it', async () => {
    const bench = await CaptureBench.open()
    const native = nativeOn(bench, 'customer', { record: 'source' })
    bench.pbx.after(700).emit({ ...native, type: 'recording-asked', requestId: 'request' })
    await bench.settled()
    const late = bench.only().segments[0]?.files ?? native.files
    for (const name of [late.received, late.transmitted]) bench.spool.set(name, { name, sizeBytes: 44, modifiedAt: bench.pbx.now })
    bench.pbx.emit(native)
    await bench.settled()
    expect(bench.only().segments.map(({ files }) => files)).to.deep.equal([late, native.files])
    expect(bench.only().segments.map((segment) => isVoid(segment))).to.deep.equal([true, false])
    expect(bench.pbx.recorders.size, 'ours is stopped').to.equal(0)
    expect([...bench.spool.keys()]).to.deep.equal([])
  })

  it('is not stopped in place of a recorder of ours whose answer was never seen', async () => {
    const before = await CaptureBench.open()
    const native = nativeOn(before, 'customer', { record: 'source' })
    before.pbx.after(700).emit({ ...native, type: 'recording-asked', requestId: 'request' })
    await before.settled()
    const late = before.only().segments[0]?.files ?? native.files
    before.spool.set(late.received, { name: late.received, sizeBytes: 44, modifiedAt: before.pbx.now })
    before.journal.facts.splice(before.journal.facts.findIndex(({ fact }) => fact.type === 'segment-started'))
    before.pbx.recorders.clear()
    before.pbx.recorders.set('native-1', { channelId: native.channelId, recorderId: 'native-1', files: native.files, masked: false })
    const after = await restarted(before, [native])
    expect([...after.pbx.recorders.keys()]).to.deep.equal(['native-1'])
    expect(after.only().segments.map(({ recorderId }) => recorderId)).to.deep.equal([null, 'native-1'])
    expect([...after.spool.keys()]).to.deep.equal([])
  })

  it('is the sound of a recording that was asked for too late, when the call is over', async () => {
    const bench = await CaptureBench.open()
    const native = nativeOn(bench, 'customer', { record: 'source' })
    bench.pbx.vanishes(bench.pbx.channelOf(native.channelId))
    bench.pbx.emit({ ...native, type: 'recording-asked', requestId: 'request' })
    await bench.settled()
    bench.pbx.after(250).emit({ ...native, at: bench.pbx.now })
    bench.pbx.after(3000).emit({ type: 'hangup', channelId: native.channelId, callId: native.callId, at: bench.pbx.now, causeQ850: 16 })
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
    expect(bench.only().segments.map(({ files }) => files).at(-1)).to.deep.equal(native.files)
  })

  it('is discarded also by the service that follows one that died over it', async () => {
    const before = await CaptureBench.open()
    const native = nativeOn(before, 'customer', { record: '' })
    before.pbx.emit(native)
    await before.settled()
    before.pbx.recorders.set('native-1', { channelId: native.channelId, recorderId: 'native-1', files: native.files, masked: false })
    for (const name of [native.files.received, native.files.transmitted]) before.spool.set(name, { name, sizeBytes: 44, modifiedAt: before.pbx.now })
    const after = await restarted(before, [native])
    expect(after.only()).to.include({ state: 'not-recorded', reason: 'not-wanted' })
    expect(after.pbx.recorders.size).to.equal(0)
    expect(after.spool.size).to.equal(0)
  })

  it('drops the second recorder when the acknowledgement came too late', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.recorders.set('native-1', { channelId: customer.channelId, recorderId: 'native-1', files: { received: 'a', transmitted: 'b' }, masked: false })
    bench.pbx.emit({ type: 'native-recording', began: 'yes', ...bench.pbx.of(customer), because: 'no-answer', recorderId: 'native-1', direction: 'inbound', files: { received: 'holdfast/native-1.rx.wav', transmitted: 'holdfast/native-1.tx.wav' }, caller: customer.caller, dialled: null, attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null })
    await bench.settled()
    expect([...bench.pbx.recorders.keys()]).to.not.include('native-1')
    expect(bench.only().segments).to.have.length(1)
  })
})
