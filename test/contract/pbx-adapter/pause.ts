import { expect } from 'chai'
import { describe, it } from 'mocha'
import { expectCode } from '../../support/rejection.ts'
import { until } from '../../support/hooks.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { mintRecordingId, record, talk, UNKNOWN_CHANNEL } from './talk.ts'

/** Packets of 20 ms on either end, and the time of a reply. */
const EDGES_MS = 80

export function pauseContract({ subject }: PbxContract): void {
  describe('a pause', () => {
    it('silences both sides from the confirmed mask to the confirmed end, and both may come twice', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const recordingId = mintRecordingId()
      const segment = await record(service.adapter, customer, recordingId)
      await subject().pass(400)
      const masked = await service.adapter.mask(segment)
      await subject().pass(300)
      await service.adapter.mask(segment)
      await subject().pass(300)
      const unmasked = await service.adapter.unmask(segment)
      await subject().pass(100)
      await service.adapter.unmask(segment)
      await subject().pass(300)
      await service.adapter.stopSegment(segment)
      const files = service.adapter.segmentFiles({ channelId: customer, recordingId, index: 0 })
      await until(async () => expect(await subject().silencedMs(files)).to.be.closeTo(unmasked.at.getTime() - masked.at.getTime(), EDGES_MS))
    })

    it('may begin with the recorder', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await service.adapter.mask(segment)
      await service.adapter.unmask(segment)
    })

    it('is found by its leg alone', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      await record(service.adapter, customer)
      await service.adapter.mask({ channelId: customer, recorderId: null })
      await service.adapter.unmask({ channelId: customer, recorderId: null })
    })

    it('is refused where no recorder runs, or another\'s', async () => {
      await using service = subject().service()
      const { customer, agent } = await talk({ subject: subject(), service })
      const other = await record(service.adapter, agent)
      await expectCode(service.adapter.mask({ channelId: customer, recorderId: null }), 'PBX_REFUSED')
      await expectCode(service.adapter.mask({ channelId: customer, recorderId: other.recorderId }), 'PBX_REFUSED')
      await expectCode(service.adapter.unmask({ channelId: customer, recorderId: other.recorderId }), 'PBX_REFUSED')
    })

    it('is refused when it comes after the recorder\'s end', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await service.adapter.stopSegment(segment)
      await expectCode(service.adapter.mask(segment), 'PBX_REFUSED')
      await expectCode(service.adapter.unmask(segment), 'PBX_REFUSED')
    })

    it('has no leg when it is gone, or never was', async () => {
      await using service = subject().service()
      const { call, customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      for (const channelId of [customer, UNKNOWN_CHANNEL]) {
        await expectCode(service.adapter.mask({ ...segment, channelId }), 'CHANNEL_GONE')
        await expectCode(service.adapter.unmask({ ...segment, channelId }), 'CHANNEL_GONE')
      }
    })

    it('goes on while the link is down, and ends when it is told so after it', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const recordingId = mintRecordingId()
      const segment = await record(service.adapter, customer, recordingId)
      const masked = await service.adapter.mask(segment)
      subject().cut()
      await service.next('link-down')
      await subject().pass(300)
      subject().mend()
      await until(() => expect(service.all('link-up')).to.have.length(2), { withinMs: 20_000 })
      await service.adapter.mask(segment)
      const unmasked = await service.adapter.unmask(segment)
      await subject().pass(200)
      await service.adapter.stopSegment(segment)
      const files = service.adapter.segmentFiles({ channelId: customer, recordingId, index: 0 })
      await until(async () => expect(await subject().silencedMs(files)).to.be.closeTo(unmasked.at.getTime() - masked.at.getTime(), EDGES_MS))
    })
  })
}
