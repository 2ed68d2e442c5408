import { expect } from 'chai'
import { describe, it } from 'mocha'
import { isHoldfastError } from '../../../core/domain/errors.ts'
import type { PbxAdapter, RunningSegment } from '../../../core/ports/pbx-adapter.ts'
import { expectCode, rejection } from '../../support/rejection.ts'
import { until } from '../../support/hooks.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { INTERACTION, mintRecordingId, record, talk, UNKNOWN_CHANNEL } from './talk.ts'

/** A command's own deadline, that of the proof of life before it, and a machine that other work runs on. */
const ANSWERED_WITHIN_MS = 15_000

/** Every command, by its name: `Record` makes a new one break the build here. */
type Command = Exclude<keyof PbxAdapter, 'pbxId' | 'capabilities' | 'linkState' | 'now' | 'start' | 'events' | 'segmentFiles' | 'wantData' | 'isAwaited' | typeof Symbol.asyncDispose>
type Commands = Readonly<Record<Command, () => Promise<unknown>>>

export function linkContract({ subject, needs }: PbxContract): void {
  describe('the link', () => {
    it('tells first that it is up', async () => {
      await using service = subject().service()
      await service.next('link-up')
      expect(service.events[0]?.type).to.equal('link-up')
      expect(service.adapter.linkState).to.equal('up')
    })

    it('tells once that it went down, and what exists when it is up again', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      subject().cut()
      await service.next('link-down')
      expect(service.adapter.linkState).to.equal('down')
      subject().mend()
      await until(() => expect(service.all('link-up')).to.have.length(2), { withinMs: 20_000 })
      expect(service.all('link-down')).to.have.length(1)
      expect(service.all('link-up')[1]?.channels.map(({ channel }) => channel.channelId)).to.include(customer)
    })

    it('refuses every command while it is down, and does none of them later', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      subject().cut()
      await service.next('link-down')
      for (const [name, command] of Object.entries(everyCommand(service.adapter, { channelId: customer, recorderId: null }))) {
        const refused = await rejection(command())
        expect(isHoldfastError(refused, 'PBX_UNREACHABLE'), `${name}: ${String(refused)}`).to.equal(true)
      }
      subject().mend()
      await until(() => expect(service.all('link-up')).to.have.length(2), { withinMs: 20_000 })
      expect(service.all('link-up')[1]?.channels.find(({ channel }) => channel.channelId === customer)?.recorderId).to.equal(null)
      await subject().pass(200)
      expect(service.all('recorder-started')).to.deep.equal([])
    })

    it('lets no command wait without end for a PBX that says nothing', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const segment = await record(service.adapter, customer)
      subject().fallSilent()
      const began = performance.now()
      const commands = Object.entries(everyCommand(service.adapter, segment))
      const outcomes = await Promise.all(commands.map(async ([name, command]) => [name, await rejection(command())] as const))
      expect(performance.now() - began).to.be.lessThan(ANSWERED_WITHIN_MS)
      for (const [name, reason] of outcomes) expect(isHoldfastError(reason, 'PBX_TIMEOUT') || isHoldfastError(reason, 'PBX_UNREACHABLE'), `${name}: ${String(reason)}`).to.equal(true)
    })

    it('takes wanted data at any time, and says when it is told', async () => {
      await using service = subject().service()
      const wanted = { keys: ['PLAIN', 'OTHER'], headers: new Map<string, string>() }
      await service.next('link-up')
      expect(await service.adapter.wantData(wanted)).to.be.oneOf(['told', 'by-hand'])
      expect(await service.adapter.wantData(wanted)).to.be.oneOf(['told', 'by-hand'])
      subject().cut()
      await service.next('link-down')
      expect(await service.adapter.wantData(wanted)).to.equal('later')
    })

    it('ends its events when it is disposed, after it told the end of the link', async () => {
      const service = subject().service()
      await service.next('link-up')
      await service[Symbol.asyncDispose]()
      expect(service.events.at(-1)?.type).to.equal('link-down')
      await expectCode(service.adapter.mask({ channelId: UNKNOWN_CHANNEL, recorderId: null }), 'PBX_UNREACHABLE')
    })

    it('dates by the clock of the PBX', async () => {
      await using service = subject().service()
      const { asked } = await talk({ subject: subject(), service })
      expect(service.adapter.now.getTime() - asked.at.getTime()).to.be.within(-1000, 20_000)
    })

    needs('restart')('comes back by itself when the PBX was restarted, and tells so', async () => {
      await using service = subject().service()
      const { customer } = await talk({ subject: subject(), service })
      const [before] = service.all('link-up')
      await subject().restart()
      await until(() => expect(service.all('link-up')).to.have.length(2), { withinMs: 30_000 })
      const after = service.all('link-up')[1]
      expect(after?.channels.map(({ channel }) => channel.channelId)).not.to.include(customer)
      expect(after?.pbxStartedAt?.getTime()).to.be.greaterThan(before?.pbxStartedAt?.getTime() ?? 0)
      await talk({ subject: subject(), service })
    })
  })
}

function everyCommand(adapter: PbxAdapter, segment: RunningSegment): Commands {
  const { channelId } = segment
  return {
    startSegment: () => adapter.startSegment({ channelId, recordingId: mintRecordingId(), index: 0 }),
    stopSegment: () => adapter.stopSegment(segment),
    mask: () => adapter.mask(segment),
    unmask: () => adapter.unmask(segment),
    acknowledge: () => adapter.acknowledge(channelId, 'r.1', 'no'),
    tellInteraction: () => adapter.tellInteraction(channelId, INTERACTION),
    readInteraction: () => adapter.readInteraction(channelId),
    answerCode: () => adapter.answerCode(channelId, 'r.c1', 'paused'),
    tellPauseWays: () => adapter.tellPauseWays(channelId, ['dtmf']),
    forgetPauses: () => adapter.forgetPauses(channelId),
    forgetNative: () => adapter.forgetNative(channelId),
  }
}
