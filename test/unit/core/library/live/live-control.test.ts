import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseInteractionId, parseRecordingId } from '../../../../../core/domain/ids.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { NO_RULE } from '../../../../../core/domain/rules/rule.ts'
import { LibraryBench } from '../library-bench.ts'

const TALK = { interactionId: parseInteractionId('talk') }

async function supervisor(bench: LibraryBench): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.1')
}

describe('live control', () => {
  it('hands the command to the capture node with its actor, and tells what the PBX confirmed', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const requester = await supervisor(bench)
    const { recordings: [controlled] } = await bench.library.liveControl.control(requester, 'pause', { recordingId })
    expect(bench.commands).to.deep.equal([{ action: 'pause', target: { recordingId }, by: requester.actor, person: 'supervisor', how: 'api', client: { type: 'token', address: requester.address, label: requester.label } }])
    expect(controlled?.result).to.deep.equal({ recordingId, outcome: 'done', effectiveAt: bench.now })
    expect(controlled?.recording.id).to.equal(recordingId)
  })

  it('pauses a whole interaction, also what the requester may not see, and tells of what may be seen', async () => {
    const bench = await LibraryBench.open()
    const seen = await bench.recording({ interaction: 'talk' })
    await bench.recording({ interaction: 'talk', partitions: ['/support'] })
    const { recordings: controlled } = await bench.library.liveControl.control(await supervisor(bench), 'pause', TALK)
    expect(bench.commands.map(({ target }) => target)).to.deep.equal([TALK])
    expect(controlled.map(({ recording }) => recording.id)).to.deep.equal([seen])
  })

  it('pauses nothing of a conversation of which one recording may not be paused, seen or not: the rest would be silent for nothing', async () => {
    for (const partitions of [['/sales'], ['/support']]) {
      const bench = await LibraryBench.open()
      await bench.recording({ interaction: 'talk' })
      await bench.recording({ interaction: 'talk', pause: 'forbidden', partitions })
      await expectCode(bench.library.liveControl.control(await supervisor(bench), 'pause', TALK), 'PAUSE_NOT_ALLOWED')
      expect(bench.commands).to.deep.equal([])
    }
  })

  it('stops of an interaction what the requester sees, and nothing besides', async () => {
    const bench = await LibraryBench.open()
    const seen = await bench.recording({ interaction: 'talk' })
    await bench.recording({ interaction: 'talk', partitions: ['/legal'] })
    const { recordings: controlled } = await bench.library.liveControl.control(await supervisor(bench), 'stop', TALK)
    expect(bench.commands.map(({ target }) => target)).to.deep.equal([{ recordingId: seen }])
    expect(controlled.map(({ recording }) => recording.id)).to.deep.equal([seen])
  })

  it('stops nothing in a merged interaction that the requester does not see', async () => {
    const bench = await LibraryBench.open()
    await bench.recording({ interaction: 'consultation', partitions: ['/legal'] })
    await bench.recording({ interaction: 'talk' })
    await bench.tell({ type: 'interaction-merged', interactionId: parseInteractionId('consultation'), mergedIntoId: TALK.interactionId, at: bench.now })
    await bench.library.liveControl.control(await supervisor(bench), 'stop', TALK)
    expect(bench.commands.map(({ target }) => target)).to.deep.equal([TALK])
  })

  it('tells no silence while a recording that the requester may not see goes on with sound', async () => {
    const bench = await LibraryBench.open()
    const seen = await bench.recording({ interaction: 'talk' })
    const hidden = await bench.recording({ interaction: 'talk', partitions: ['/support'] })
    bench.answer = async () => [{ recordingId: seen, outcome: 'done', effectiveAt: bench.now }, { recordingId: hidden, outcome: 'failed', code: 'PAUSE_FAILED', message: 'not confirmed' }]
    await expectCode(bench.library.liveControl.control(await supervisor(bench), 'pause', TALK), 'PAUSE_FAILED')
  })

  it('tells of each recording once, though a pause reaches more than the one that it was asked for', async () => {
    const bench = await LibraryBench.open()
    const early = await bench.recording({ interaction: 'consultation' })
    const late = await bench.recording({ interaction: 'talk' })
    await bench.tell({ type: 'interaction-merged', interactionId: parseInteractionId('consultation'), mergedIntoId: TALK.interactionId, at: bench.now })
    bench.answer = async () => [early, late].map((recordingId) => ({ recordingId, outcome: 'done', effectiveAt: bench.now }))
    const { recordings: controlled } = await bench.library.liveControl.control(await supervisor(bench), 'pause', TALK)
    expect(controlled.map(({ recording }) => recording.id)).to.have.members([early, late])
    expect(controlled).to.have.length(2)
  })

  it('reaches the recordings of merged interactions one by one, and one that ended hides no other', async () => {
    const bench = await LibraryBench.open()
    const early = await bench.recording({ interaction: 'consultation' })
    const late = await bench.recording({ interaction: 'talk' })
    await bench.tell({ type: 'interaction-merged', interactionId: parseInteractionId('consultation'), mergedIntoId: TALK.interactionId, at: bench.now })
    const { answer } = bench
    bench.answer = async (command) => 'recordingId' in command.target && command.target.recordingId === early ? Promise.reject(new HoldfastError('RECORDING_NOT_ACTIVE', 'over')) : answer(command)
    const { recordings: controlled } = await bench.library.liveControl.control(await supervisor(bench), 'pause', TALK)
    expect(controlled.map(({ recording, result }) => [recording.id, result.outcome])).to.have.deep.members([[late, 'done'], [early, 'failed']])
  })

  it('refuses a pause to a role that the rule does not name, and to a way that it does not', async () => {
    for (const change of [{ by: ['agent', 'integrator'] }, { ways: ['dtmf'] }] as const) {
      const bench = await LibraryBench.open()
      const { pause } = NO_RULE.terms
      const recordingId = await bench.recording({ terms: { ...NO_RULE.terms, pause: { ...pause, ...change } } })
      await expectCode(bench.library.liveControl.control(await supervisor(bench), 'pause', { recordingId }), 'PAUSE_NOT_ALLOWED')
      expect(bench.commands).to.deep.equal([])
    }
  })

  it('refuses a pause that the rule forbids, audits the refusal, and asks no PBX', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ pause: 'forbidden' })
    const requester = await supervisor(bench)
    await expectCode(bench.library.liveControl.control(requester, 'pause', { recordingId }), 'PAUSE_NOT_ALLOWED')
    expect(bench.audit.entries.at(-1)).to.include({ action: 'recording.pause', outcome: 'refused', reason: 'PAUSE_NOT_ALLOWED' })
    expect(bench.commands).to.deep.equal([])
    await bench.library.liveControl.control(requester, 'resume', { recordingId })
    expect(bench.commands).to.have.length(1)
  })

  it('answers what may not be seen as what is not there', async () => {
    const bench = await LibraryBench.open()
    const foreign = await bench.recording({ interaction: 'talk', partitions: ['/support'] })
    const requester = await supervisor(bench)
    const { liveControl } = bench.library
    const hidden = await expectCode(liveControl.control(requester, 'pause', { recordingId: foreign }), 'RECORDING_NOT_FOUND')
    const missing = await expectCode(liveControl.control(requester, 'pause', { recordingId: parseRecordingId('64') }), 'RECORDING_NOT_FOUND')
    expect(hidden.message).to.equal(missing.message)
    await expectCode(liveControl.control(requester, 'pause', TALK), 'INTERACTION_NOT_FOUND')
    await expectCode(liveControl.control(requester, 'pause', { interactionId: parseInteractionId('never') }), 'INTERACTION_NOT_FOUND')
    expect(bench.commands).to.deep.equal([])
    expect(bench.audited().filter((action) => action === 'recording.pause refused')).to.have.length(4)
  })

  it('refuses what is over', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ interaction: 'talk' })
    const requester = await supervisor(bench)
    await expectCode(bench.library.liveControl.control(requester, 'pause', { recordingId: id }), 'RECORDING_NOT_ACTIVE')
    await expectCode(bench.library.liveControl.control(requester, 'pause', TALK), 'RECORDING_NOT_ACTIVE')
  })

  it('passes on what the PBX refused, recording by recording', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    bench.answer = async () => [{ recordingId, outcome: 'failed', code: 'PAUSE_FAILED', message: 'not confirmed' }]
    const { recordings: [controlled] } = await bench.library.liveControl.control(await supervisor(bench), 'pause', { recordingId })
    expect(controlled?.result).to.include({ outcome: 'failed', code: 'PAUSE_FAILED' })
  })

  it('does not wait for the catalogue: what the capture node knows is paused while the catalogue is away or has not heard of it', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ interaction: 'talk' })
    const requester = await supervisor(bench)
    const { repository } = bench
    for (const away of [(): Promise<never> => Promise.reject(new HoldfastError('STORE_FAILED', 'away')), (): Promise<never> => new Promise(() => undefined)]) {
      repository.find = away
      repository.findInteraction = away
      for (const target of [{ recordingId }, TALK]) {
        const { recordings: [controlled] } = await bench.library.liveControl.control(requester, 'pause', target)
        expect(controlled?.result.outcome).to.equal('done')
        expect(controlled?.recording.id).to.equal(recordingId)
      }
    }
  })

  it('pauses no recording twice that ended without the knowledge of the catalogue', async () => {
    const bench = await LibraryBench.open()
    const ended = await bench.recording({ interaction: 'talk' })
    const recordingId = await bench.recording({ interaction: 'talk' })
    bench.believe({ type: 'recording-stopped', recordingId: ended, at: bench.now, reason: 'hangup' })
    const { recordings: controlled } = await bench.library.liveControl.control(await supervisor(bench), 'pause', TALK)
    expect(controlled.map(({ result }) => result)).to.deep.equal([{ recordingId, outcome: 'done', effectiveAt: bench.now }])
    expect(bench.commands).to.have.length(1)
  })

  it('is told by the capture node what is live before any fact reached the catalogue', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const { id: recordingId, interactionId } = bench.only()
    for (const target of [{ recordingId }, { interactionId }]) expect((await bench.control.live(target)).map(({ id }) => id)).to.deep.equal([recordingId])
    for (const target of [{ recordingId: parseRecordingId('64') }, TALK]) expect(await bench.control.live(target)).to.deep.equal([])
  })

  it('hides from a requester what the capture node knows, as the catalogue would', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ partitions: ['/salesforce'] })
    await expectCode(bench.library.liveControl.control(await supervisor(bench), 'pause', { recordingId }), 'RECORDING_NOT_FOUND')
    expect(bench.commands).to.deep.equal([])
  })

  it('shows a recording as it is after the command', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const { answer } = bench
    bench.answer = async (command) => {
      bench.believe({ type: 'pause-asked', recordingId, at: bench.now, by: 'x', how: 'api', limitMs: null }, { type: 'pause-effective', recordingId, at: bench.now })
      return answer(command)
    }
    const { recordings: [controlled] } = await bench.library.liveControl.control(await supervisor(bench), 'pause', { recordingId })
    expect(controlled?.recording.state).to.equal('paused')
  })

  it('refuses in time while the audit hangs', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording({ pause: 'forbidden' })
    const requester = await supervisor(bench)
    bench.audit.append = () => new Promise(() => undefined)
    await expectCode(bench.library.liveControl.control(requester, 'pause', { recordingId }), 'PAUSE_NOT_ALLOWED')
  })

  it('goes on while the audit cannot be written: a card number does not wait for a disk', async () => {
    const bench = await LibraryBench.open()
    const recordingId = await bench.recording()
    const requester = await supervisor(bench)
    bench.audit.unavailable = true
    expect((await bench.library.liveControl.control(requester, 'pause', { recordingId })).recordings).to.have.length(1)
  })
})
