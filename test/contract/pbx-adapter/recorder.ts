import { expect } from 'chai'
import { describe, it } from 'mocha'
import { expectCode } from '../../support/rejection.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { mintRecordingId, record, talk, UNKNOWN_CHANNEL } from './talk.ts'

export function recorderContract({ subject, needs }: PbxContract): void {
  describe('a recorder', () => {
    it('has files that are known before it is asked for, others for each segment', async () => {
      await using service = subject().service()
      const segment = { channelId: UNKNOWN_CHANNEL, recordingId: mintRecordingId(), index: 0 }
      const files = service.adapter.segmentFiles(segment)
      expect(service.adapter.segmentFiles(segment)).to.deep.equal(files)
      expect(Object.values(service.adapter.segmentFiles({ ...segment, index: 1 }))).not.to.have.members(Object.values(files))
      for (const file of Object.values(files)) expect(file).to.contain(segment.recordingId)
    })

    it('begins on a leg and ends there; both are told with their times', async () => {
      await using service = subject().service()
      const { asked, customer } = await talk({ subject: subject(), service })
      const started = await record(service.adapter, customer)
      await subject().pass(200)
      const stopped = await service.adapter.stopSegment(started)
      expect(started.channelId).to.equal(customer)
      expect(started.at.getTime()).to.be.at.least(asked.at.getTime())
      expect(stopped.at.getTime()).to.be.at.least(started.at.getTime())
      await service.next('recorder-started', (event) => event.channelId === customer)
      await service.next('recorder-stopped', (event) => event.channelId === customer)
    })

    it('runs beside another one; the end of one leaves the other', async () => {
      await using service = subject().service()
      const { customer, agent } = await talk({ subject: subject(), service })
      const one = await record(service.adapter, customer)
      const other = await record(service.adapter, agent)
      await service.adapter.stopSegment(one)
      await service.adapter.mask(other)
      await expectCode(service.adapter.mask(one), 'PBX_REFUSED')
    })

    it('does not begin on a leg that is gone, or never was', async () => {
      await using service = subject().service()
      const { call, customer } = await talk({ subject: subject(), service })
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      await expectCode(record(service.adapter, customer), 'CHANNEL_GONE')
      await expectCode(record(service.adapter, UNKNOWN_CHANNEL), 'CHANNEL_GONE')
    })

    it('may be stopped twice', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await service.adapter.stopSegment(segment)
      await service.adapter.stopSegment(segment)
    })

    it('is found for its stop by its leg alone', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await service.adapter.stopSegment({ channelId: customer, recorderId: null })
      await service.next('recorder-stopped', (event) => event.channelId === customer)
      await expectCode(service.adapter.mask(segment), 'PBX_REFUSED')
    })

    it('counts as stopped when its leg is gone, or never was, or it was another\'s', async () => {
      await using service = subject().service()
      const { call, customer, agent } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await service.adapter.stopSegment({ channelId: agent, recorderId: segment.recorderId })
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      await service.adapter.stopSegment(segment)
      await service.adapter.stopSegment({ channelId: UNKNOWN_CHANNEL, recorderId: segment.recorderId })
      await service.adapter.stopSegment({ channelId: UNKNOWN_CHANNEL, recorderId: null })
    })

    it('ends with its leg: the end of the leg is told, whether or not that of the recorder is', async () => {
      await using service = subject().service()
      const { call, customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await call.hangUp()
      const ended = await service.next('hangup', (event) => event.channelId === customer)
      const stopped = await service.adapter.stopSegment(segment)
      expect(stopped.at.getTime()).to.be.at.least(ended.at.getTime() - 1000)
      const [told] = service.all('recorder-stopped', (event) => event.channelId === customer)
      if (told !== undefined) expect(service.events.indexOf(told)).to.be.lessThan(service.events.indexOf(ended))
    })

    for (const end of ['its leg', 'its stop'] as const) {
      needs('discarded file')(`that was given no sound ends with ${end}, and the file that the PBX throws away then is told by its name`, async () => {
        await using service = subject().service()
        const { call, customer } = await talk({ subject: subject(), service }, { attached: 'nothing', sound: 'passes by' })
        const recordingId = mintRecordingId()
        const segment = await record(service.adapter, customer, recordingId)
        await subject().pass(200)
        if (end === 'its stop') await service.adapter.stopSegment(segment)
        else await call.hangUp()
        const { file } = await service.next('recorder-discarded', (event) => event.channelId === customer)
        expect(Object.values(service.adapter.segmentFiles({ channelId: customer, recordingId, index: 0 }))).to.include(file)
        if (end === 'its stop') return
        const ended = await service.next('hangup', (event) => event.channelId === customer)
        expect(service.events.findIndex(({ type }) => type === 'recorder-discarded'), 'while its leg is known').to.be.lessThan(service.events.indexOf(ended))
      })
    }

    it('whose file has sound is not told as thrown away', async () => {
      await using service = subject().service()
      const { call, customer } = await talk({ subject: subject(), service })
      await record(service.adapter, customer)
      await subject().pass(400)
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      expect(service.all('recorder-discarded')).to.deep.equal([])
    })
  })
}
