import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { EventOf, HeardEvents } from '../../support/pbx/heard-events.ts'
import { ATTACHED_KINDS, CHANGED_KEY, CHANGED_VALUE, SUBJECT_KEYS } from '../../support/pbx/pbx-subject.ts'
import type { PbxContract } from '../pbx-adapter.contract.ts'
import { ask, talk } from './talk.ts'

export function attachedDataContract({ subject, needs }: PbxContract): void {
  describe('attached data', () => {
    it('of every kind arrive as they were set, whole: with the request, or by a word of their own', async () => {
      await using service = subject().service()
      await want(service, SUBJECT_KEYS)
      const { asked } = await ask({ subject: subject(), service }, { attached: 'every kind' })
      for (const [key, value] of Object.entries(ATTACHED_KINDS)) expect(known(service, asked)[key], key).to.equal(value)
      await service.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    })

    it('never come mutilated: what a request cannot carry is left out of it', async () => {
      await using service = subject().service()
      await want(service, SUBJECT_KEYS)
      const { asked } = await ask({ subject: subject(), service }, { attached: 'every kind' })
      for (const [key, value] of Object.entries(asked.attached)) if (key in ATTACHED_KINDS) expect(value, key).to.equal(ATTACHED_KINDS[key as keyof typeof ATTACHED_KINDS])
      await service.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    })

    it('that nobody wants are not told', async () => {
      await using service = subject().service()
      await want(service, ['PLAIN'])
      const { asked } = await ask({ subject: subject(), service }, { attached: 'every kind' })
      expect(Object.keys(known(service, asked)).filter((key) => key in ATTACHED_KINDS)).to.deep.equal(['PLAIN'])
      await service.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    })

    needs('data after the request')('that change later are told as they were set', async () => {
      await using service = subject().service()
      await want(service, SUBJECT_KEYS)
      const { customer } = await talk({ subject: subject(), service }, { attached: 'every kind' })
      const { channelId, change } = await service.next('attached-changed', (event) => event.change.key === CHANGED_KEY)
      expect([channelId, change.value]).to.deep.equal([customer, CHANGED_VALUE])
    })
  })
}

/** Told anew at each link-up, beside the first events: here before the call. */
async function want(service: HeardEvents, keys: readonly string[]): Promise<void> {
  await service.next('link-up')
  await service.adapter.wantData({ keys, headers: new Map() })
}

/** What is known of the leg that asks, after its request. */
function known(service: HeardEvents, asked: EventOf<'recording-asked'>): Readonly<Record<string, string>> {
  const told = service.all('attached-changed', ({ channelId, change }) => channelId === asked.channelId && change.key !== CHANGED_KEY)
  return { ...Object.fromEntries(told.map(({ change }) => [change.key, change.value])), ...asked.attached }
}
