import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester, type Role } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseCallId, type RecordingId } from '../../../../../core/domain/ids.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import type { LiveCall } from '../../../../../core/ports/capture-control.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

async function somebody(bench: LibraryBench, role: Role = 'supervisor', partitions?: readonly string[]): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token(role, partitions), '192.0.2.1')
}

/** The call of a recording, as the capture node knows it. */
function callOf(recording: Recording, recordings: readonly Recording[] = [recording]): LiveCall {
  const { pbxId, channelId, interactionId, direction, startedAt, decision } = recording
  return { pbxId, callId: parseCallId('177.1'), channelId, interactionId, direction, beganAt: startedAt, decision, wanting: null, recordings, stopped: [], elsewhere: [], pauseEndsAt: null }
}

async function known(bench: LibraryBench, id: RecordingId): Promise<Recording> {
  const recording = await bench.repository.find(id, { type: 'all' })
  if (recording === null) throw new Error('no recording')
  return recording
}

describe('attaching data over the API', () => {
  it('reaches the call of a recording or an interaction, and answers with what is recorded of it', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ interaction: 'talk' })
    const recording = await known(bench, recordingId)
    const foreign = await known(bench, await bench.recording({ interaction: 'talk', partitions: ['/support'] }))
    bench.calls = () => [callOf(recording, [recording, foreign])]
    const requester = await somebody(bench)
    for (const target of [{ recordingId }, { interactionId: recording.interactionId }]) {
      const answer = await bench.library.attachedSettings.set(requester, target, { key: 'customerId', value: '77' })
      expect(answer.kept).to.equal('whole')
      expect(answer.recordings.map(({ id }) => id)).to.deep.equal([recordingId])
    }
    expect(bench.settings.at(-1)).to.deep.equal({ pbxId: recording.pbxId, channelId: recording.channelId, key: 'customerId', value: '77', by: requester.actor, client: { type: 'token', address: requester.address, label: requester.label } })
  })

  it('reaches a call that is not recorded by the row that says so', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    await bench.tell({ type: 'recording-declined', recordingId, reason: 'not-wanted', at: bench.now })
    const recording = await known(bench, recordingId)
    bench.calls = (target) => 'channel' in target && target.channel.channelId === recording.channelId ? [callOf(recording, [])] : []
    const { recordings } = await bench.library.attachedSettings.set(await somebody(bench), { recordingId }, { key: 'customerId', value: '77' })
    expect(recordings).to.deep.equal([])
    expect(bench.audit.entries.at(-1)).to.deep.include({ action: 'attached.set', outcome: 'ok', object: { type: 'interaction', id: recording.interactionId } })
    expect(bench.audit.entries.at(-1)?.personal).to.include({ 'attached.customerId': '77', address: '192.0.2.1' })
  })

  it('waits for the catalogue to say who asks', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    await expectCode(bench.library.attachedSettings.set({ ...await somebody(bench), knownAt: new Date(0) }, { recordingId }, { key: 'customerId', value: '77' }), 'STORE_FAILED')
    expect(bench.settings).to.deep.equal([])
  })

  it('reaches nothing of another partition, as if it were not there', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ interaction: 'secret', partitions: ['/support'] })
    const recording = await known(bench, recordingId)
    bench.calls = () => [callOf(recording)]
    const requester = await somebody(bench)
    await expectCode(bench.library.attachedSettings.set(requester, { recordingId }, { key: 'customerId', value: '77' }), 'RECORDING_NOT_FOUND')
    await expectCode(bench.library.attachedSettings.set(requester, { interactionId: recording.interactionId }, { key: 'customerId', value: '77' }), 'INTERACTION_NOT_FOUND')
    // Not recorded, and where its decision put it.
    bench.calls = () => [callOf(recording, [])]
    await expectCode(bench.library.attachedSettings.set(requester, { recordingId }, { key: 'customerId', value: '77' }), 'RECORDING_NOT_FOUND')
    expect(bench.settings).to.deep.equal([])
    expect(bench.audited().filter((action) => action === 'attached.set refused')).to.have.length(3)
  })

  it('is for those who may control, and for calls that go on', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    await expectCode(bench.library.attachedSettings.set(await somebody(bench, 'compliance-officer'), { recordingId }, { key: 'customerId', value: '77' }), 'FORBIDDEN')
    await expectCode(bench.library.attachedSettings.set(await somebody(bench), { recordingId }, { key: 'customerId', value: '77' }), 'NO_LIVE_CALL')
  })

  it('reaches an agent\'s own call, and no other', async () => {
    const bench = await LibraryBench.open()
    const recording = await known(bench, await bench.recording({ partitions: ['/support'] }))
    bench.calls = (target) => 'channel' in target || ('owner' in target && target.owner.agent === 'anna') ? [callOf(recording)] : []
    const agent = (name: string): Requester => ({ actor: { type: 'token', id: name }, role: DEFAULT_ROLES.agent, label: '', reach: [], units: [], binding: { agent: name, desks: [], sees: 'live' }, address: '' })
    const { recordings } = await bench.library.attachedSettings.set(agent('anna'), { recordingId: recording.id }, { key: 'customerId', value: '77' })
    expect(recordings.map(({ id }) => id)).to.deep.equal([recording.id])
    await expectCode(bench.library.attachedSettings.set(agent('berta'), { recordingId: recording.id }, { key: 'customerId', value: '77' }), 'RECORDING_NOT_FOUND')
    await expectCode(bench.library.attachedSettings.set(agent('anna'), { recordingId: recording.id }, { key: 'GRECORD_PARTITIONS', value: '/all' }), 'FORBIDDEN')
  })

  it('takes keys that decide who may hear from those alone whom no partition narrows', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const recording = await known(bench, recordingId)
    bench.calls = () => [callOf(recording)]
    for (const key of ['record', 'GRECORD_PARTITIONS', 'agent', 'BUSINESS_UNIT']) {
      for (const requester of [await somebody(bench), await somebody(bench, 'integrator', ['/sales'])]) {
        const { details } = await expectCode(bench.library.attachedSettings.set(requester, { recordingId }, { key, value: '/sales' }), 'FORBIDDEN')
        expect(details).to.include({ field: 'key' })
      }
      await bench.library.attachedSettings.set(await somebody(bench, 'integrator'), { recordingId }, { key, value: '/sales' })
    }
    expect(bench.settings.map(({ key }) => key)).to.deep.equal(['record', 'GRECORD_PARTITIONS', 'agent', 'BUSINESS_UNIT'])
  })

  it('tells what the schema refuses, and audits it without the value', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const recording = await known(bench, recordingId)
    bench.calls = () => [callOf(recording)]
    bench.attach = async () => await Promise.reject(new HoldfastError('ATTACHED_REFUSED', 'key: PIN is never stored', { field: 'key' }))
    await expectCode(bench.library.attachedSettings.set(await somebody(bench), { recordingId }, { key: 'PIN', value: '4711' }), 'ATTACHED_REFUSED')
    const entry = bench.audit.entries.at(-1)
    expect(entry).to.deep.include({ action: 'attached.set', outcome: 'refused', reason: 'ATTACHED_REFUSED' })
    expect(JSON.stringify(entry)).to.include('PIN').and.not.to.include('4711')
  })

  it('is done though the audit hangs or fails: it may begin a recording', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const recording = await known(bench, recordingId)
    bench.calls = () => [callOf(recording)]
    const requester = await somebody(bench)
    bench.audit.unavailable = true
    await bench.library.attachedSettings.set(requester, { recordingId }, { key: 'customerId', value: '77' })
    expect(bench.settings).to.have.length(1)
  })
})
