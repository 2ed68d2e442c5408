import { expect } from 'chai'
import { describe, it } from 'mocha'
import { until } from '../../support/hooks.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { ask, mintRecordingId, UNKNOWN_CHANNEL } from './talk.ts'

/** More than a route waits for its answer. */
const NO_ANSWER_MS = 400

export function adoptionContract({ subject, needs }: PbxContract): void {
  describe('a recording that the PBX began by itself', () => {
    const native = needs('native recording')

    native('is told when nobody answered, and can be paused and stopped', async () => {
      await using service = subject().service()
      const { asked } = await ask({ subject: subject(), service })
      expect(service.adapter.isAwaited(asked.requestId)).to.equal(true)
      await subject().pass(NO_ANSWER_MS)
      const told = await service.next('native-recording', (event) => event.channelId === asked.channelId)
      expect(service.adapter.isAwaited(asked.requestId)).to.equal(false)
      expect(told.because).to.equal('no-answer')
      expect(told.callId).to.equal(asked.callId)
      expect(told.dialled).to.equal(asked.dialled)
      const segment = { channelId: told.channelId, recorderId: told.recorderId }
      await service.adapter.mask(segment)
      await service.adapter.unmask(segment)
      await service.adapter.stopSegment(segment)
      await service.adapter.forgetNative(told.channelId)
    })

    native('is told with what was attached', async () => {
      await using service = subject().service()
      const { asked } = await ask({ subject: subject(), service }, { attached: 'every kind' })
      await subject().pass(NO_ANSWER_MS)
      const told = await service.next('native-recording', (event) => event.channelId === asked.channelId)
      expect(told.attached).to.deep.equal(asked.attached)
      await service.adapter.forgetNative(told.channelId)
    })

    native('is told when the answer asked for it', async () => {
      await using service = subject().service()
      const { asked } = await ask({ subject: subject(), service })
      await service.adapter.acknowledge(asked.channelId, asked.requestId, { insure: mintRecordingId() })
      const told = await service.next('native-recording', (event) => event.channelId === asked.channelId)
      expect(told.because).to.equal('insured')
      await service.adapter.forgetNative(told.channelId)
    })

    native('is told at the next link-up when no service was there, until it is forgotten', async () => {
      const before = subject().service()
      await before.next('link-up')
      await before[Symbol.asyncDispose]()
      await subject().call()
      await subject().pass(NO_ANSWER_MS)
      await using after = subject().service()
      const told = await until(() => {
        const [one] = [...after.all('link-up').flatMap(({ natives }) => natives), ...after.all('native-recording')]
        if (one === undefined) throw new Error('no native recording is told')
        return one
      })
      expect(told.because).to.equal('stale-heartbeat')
      await after[Symbol.asyncDispose]()
      await using again = subject().service()
      const { natives } = await again.next('link-up')
      expect(natives.map(({ channelId, files }) => ({ channelId, files }))).to.deep.equal([{ channelId: told.channelId, files: told.files }])
      await again.adapter.forgetNative(told.channelId)
      await again.adapter.forgetNative(told.channelId)
      await again[Symbol.asyncDispose]()
      await using last = subject().service()
      expect((await last.next('link-up')).natives).to.deep.equal([])
    })

    it('may be forgotten when nothing was noted', async () => {
      await using service = subject().service()
      await service.next('link-up')
      await service.adapter.forgetNative(UNKNOWN_CHANNEL)
      await service.adapter.forgetPauses(UNKNOWN_CHANNEL)
      await service.adapter.forgetPauses(UNKNOWN_CHANNEL)
    })
  })
}
