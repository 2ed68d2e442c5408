import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { ChannelId } from '../../../core/domain/ids.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import type { HeardEvents } from '../../support/pbx/heard-events.ts'
import { expectCode } from '../../support/rejection.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { ask, INTERACTION, peerOf, talk, UNKNOWN_CHANNEL } from './talk.ts'

/** FreeSWITCH dates events in steps of 20 ms. Source: seen with 1.10.12 */
const GRAIN_MS = 40

export function callEventsContract({ subject, needs }: PbxContract): void {
  describe('the events of a call', () => {
    it('come in their order, from the first leg to the last', async () => {
      await using service = subject().service()
      const { call, customer, agent } = await talk({ subject: subject(), service })
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      await service.next('hangup', (event) => event.channelId === agent)
      expect(inOrder(service, customer, ['channel-created', 'recording-asked', 'channel-answered', 'bridge-entered', 'bridge-left', 'hangup'])).to.equal('in order')
      expect(inOrder(service, agent, ['bridge-entered', 'bridge-left', 'hangup'])).to.equal('in order')
      for (const channelId of [customer, agent]) expect(timesOf(service, channelId)).to.satisfy(neverGoesBack)
    })

    it('name the agent\'s leg before it talks, and one call for both', async () => {
      await using service = subject().service()
      const { asked, agent } = await talk({ subject: subject(), service })
      const made = service.events.find((event) => (event.type === 'channel-created' && event.channelId === agent) || (event.type === 'dial-began' && event.callee.channelId === agent))
      const entered = service.events.findIndex((event) => event.type === 'bridge-entered' && event.channelId === agent)
      expect(made === undefined ? -1 : service.events.indexOf(made)).to.be.within(0, entered - 1)
      expect(new Set(service.all('bridge-entered').map(({ callId }) => callId))).to.deep.equal(new Set([asked.callId]))
    })

    it('say how a leg ended', async () => {
      await using service = subject().service()
      const { call, customer } = await talk({ subject: subject(), service })
      await call.hangUp()
      expect((await service.next('hangup', (event) => event.channelId === customer)).causeQ850).to.equal(16)
    })

    it('tell a request with its direction, and what was dialled', async () => {
      await using service = subject().service()
      const { asked } = await ask({ subject: subject(), service })
      expect(asked.direction).to.equal('inbound')
      expect(asked.dialled).to.match(/^\w+$/)
      expect(asked.interactionId).to.equal(null)
      await service.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    })

    it('go on after an answer, also when it is given twice and late', async () => {
      await using service = subject().service()
      const { asked, customer } = await talk({ subject: subject(), service })
      await service.adapter.acknowledge(customer, asked.requestId, 'no')
      await subject().pass(300)
      await service.adapter.acknowledge(customer, asked.requestId, 'no')
      expect(service.all('native-recording')).to.deep.equal([])
      expect(service.all('hangup')).to.deep.equal([])
    })

    it('have the interaction that they are told, twice if need be, and read that one at most where no other PBX sent one', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      await service.adapter.tellInteraction(customer, INTERACTION)
      await service.adapter.tellInteraction(customer, INTERACTION)
      expect(await service.adapter.readInteraction(customer)).to.be.oneOf([null, INTERACTION])
    })

    it('have no leg to answer when it is gone, or never was', async () => {
      await using service = subject().service()
      const { call, asked, customer } = await talk({ subject: subject(), service })
      await call.hangUp()
      await service.next('hangup', (event) => event.channelId === customer)
      for (const channelId of [customer, UNKNOWN_CHANNEL]) {
        await expectCode(service.adapter.acknowledge(channelId, asked.requestId, 'no'), 'CHANNEL_GONE')
        await expectCode(service.adapter.tellInteraction(channelId, INTERACTION), 'CHANNEL_GONE')
        await expectCode(service.adapter.readInteraction(channelId), 'CHANNEL_GONE')
        await expectCode(service.adapter.answerCode(channelId, 'r.c1', 'paused'), 'CHANNEL_GONE')
        await expectCode(service.adapter.tellPauseWays(channelId, ['dtmf']), 'CHANNEL_GONE')
      }
    })

    needs('feature code')('tell keys that mean something to us, and take an answer, twice', async () => {
      await using service = subject().service()
      const { call, agent } = await talk({ subject: subject(), service })
      await service.adapter.tellPauseWays(agent, ['dtmf', 'dialplan'])
      await call.pressCode()
      const { channelId, requestId, action, way } = await service.next('code-pressed')
      expect([channelId, action, way]).to.deep.equal([agent, 'toggle', 'dtmf'])
      await service.adapter.answerCode(channelId, requestId, 'paused')
      await service.adapter.answerCode(channelId, requestId, 'paused')
    })

    const transfers: Readonly<Record<TransferKind, 'blind transfer' | 'attended transfer'>> = { blind: 'blind transfer', attended: 'attended transfer' }
    for (const kind of ['blind', 'attended'] as const) {
      needs(transfers[kind])(`tell a transfer, ${kind}: who was passed on, by whom, and with whom she talks then`, async () => {
        await using service = subject().service()
        const { call, customer, agent } = await talk({ subject: subject(), service })
        const { number } = await call.passOn(kind)
        const told = await service.next('transferred')
        expect([told.channelId, told.kind, told.by.channelId]).to.deep.equal([customer, kind, agent])
        if (kind === 'blind') expect(told.to.identity.number).to.equal(number)
        expect(told.consultation === null || told.consultation.channelId !== agent).to.equal(true)
        const colleague = await peerOf(service, customer, { besides: [agent] })
        expect(colleague).not.to.equal(agent)
        await service.next('hangup', (event) => event.channelId === agent)
        expect(service.all('hangup').map(({ channelId }) => channelId)).not.to.include(customer)
      })
    }
  })
}

/** Whether the first of each type come in this order; else which does not. */
function inOrder(service: HeardEvents, channelId: ChannelId, types: readonly string[]): string {
  const own = service.events.filter((event) => 'channelId' in event && event.channelId === channelId).map(({ type }) => type)
  const places = types.map((type) => own.findIndex((each) => each === type))
  const isOrdered = places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1))
  return isOrdered && own.at(-1) === types.at(-1) ? 'in order' : own.join(' ')
}

function timesOf(service: HeardEvents, channelId: ChannelId): readonly number[] {
  return service.events.filter((event) => 'channelId' in event && event.channelId === channelId).map(({ at }) => at.getTime())
}

function neverGoesBack(times: readonly number[]): boolean {
  return times.every((time, index) => time >= (times[index - 1] ?? time) - GRAIN_MS)
}
