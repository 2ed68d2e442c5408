import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { record, talk } from './talk.ts'

export function resyncContract({ subject, needs }: PbxContract): void {
  describe('a resynchronisation', () => {
    it('finds both legs, in one bridge, and the recorder that runs', async () => {
      const before = subject().service()
      const { customer, agent, callId } = await talk({ subject: subject(), service: before })
      const segment = await record(before.adapter, customer)
      await before[Symbol.asyncDispose]()
      await using after = subject().service()
      const { channels } = await after.next('link-up')
      const found = channels.filter(({ channel }) => channel.channelId === customer || channel.channelId === agent)
      expect(found.map(({ channel }) => channel.callId)).to.deep.equal([callId, callId])
      expect(found[0]?.bridgeId).to.be.a('string').and.to.equal(found[1]?.bridgeId)
      expect(found.map(({ channel }) => channel.answeredAt === null)).to.deep.equal([false, false])
      expect(found.find(({ channel }) => channel.channelId === customer)?.recorderId).to.equal(segment.recorderId)
      expect(found.find(({ channel }) => channel.channelId === agent)?.recorderId).to.equal(null)
    })

    it('gives back a recorder that can be paused and stopped', async () => {
      const before = subject().service()
      const { customer } = await talk({ subject: subject(), service: before })
      await record(before.adapter, customer)
      await before[Symbol.asyncDispose]()
      await using after = subject().service()
      const { channels } = await after.next('link-up')
      const recorderId = channels.find(({ channel }) => channel.channelId === customer)?.recorderId ?? null
      await after.adapter.mask({ channelId: customer, recorderId })
      await after.adapter.unmask({ channelId: customer, recorderId })
      await after.adapter.stopSegment({ channelId: customer, recorderId })
      await after.next('recorder-stopped', (event) => event.channelId === customer)
    })

    it('tells nothing of calls that ended meanwhile', async () => {
      await using service = subject().service()
      const { call, customer, agent } = await talk({ subject: subject(), service })
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === agent)
      await service.next('hangup', (event) => event.channelId === customer)
      await service[Symbol.asyncDispose]()
      await using after = subject().service()
      const { channels } = await after.next('link-up')
      expect(channels.map(({ channel }) => channel.channelId)).not.to.include.oneOf([customer, agent])
    })

    needs('queue members')('tells whom queues know by name', async () => {
      await using service = subject().service()
      const { members } = await service.next('link-up')
      expect(members).to.deep.equal([{ queue: 'sales', agent: 'agent', endpoint: 'PJSIP/agent' }])
    })
  })
}
