import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { WaitingRoutes } from '../../../../adapters/wire/waiting-routes.ts'
import { parseCallId, parseChannelId } from '../../../../core/domain/ids.ts'
import type { NativeReason, NativeRecording, RecordingAsked } from '../../../../core/ports/pbx-event.ts'

const of = (channel: string) => ({ channelId: parseChannelId(channel), callId: parseCallId(channel), at: new Date(0) })
const data = { direction: 'inbound', dialled: null, attached: {}, headers: {}, interactionId: null } as const
const asks = (channel: string, requestId: string): RecordingAsked => ({ type: 'recording-asked', ...of(channel), ...data, requestId })
const records = (channel: string, because: NativeReason): NativeRecording => ({
  type: 'native-recording', ...of(channel), ...data, because, began: 'yes', files: { received: 'a.wav', transmitted: 'b.wav' }, recorderId: null, caller: { number: null, name: null }, announcement: null,
})

describe('WaitingRoutes', () => {
  let routes: WaitingRoutes

  beforeEach(() => {
    routes = new WaitingRoutes()
  })

  it('takes every request for one that waits, until its leg is recorded by the dialplan', () => {
    for (const event of [asks('a', 'a.1'), asks('b', 'b.1'), records('a', 'no-answer')]) routes.note(event)
    expect([routes.isWaiting('a.1'), routes.isWaiting('b.1'), routes.isWaiting('c.1')]).to.deep.equal([false, true, true])
  })

  it('goes on waiting where an answer had the dialplan record', () => {
    for (const event of [asks('a', 'a.1'), records('a', 'insured')]) routes.note(event)
    expect(routes.isWaiting('a.1')).to.equal(true)
  })

  it('takes the request of another route of the same leg for a new one', () => {
    for (const event of [asks('a', 'a.1'), records('a', 'no-answer'), asks('a', 'a.2')]) routes.note(event)
    expect([routes.isWaiting('a.1'), routes.isWaiting('a.2')]).to.deep.equal([false, true])
  })

  it('forgets who asks with the end of the leg', () => {
    for (const event of [asks('a', 'a.1'), { type: 'hangup', ...of('a'), causeQ850: 16 } as const, records('a', 'no-answer')]) routes.note(event)
    expect(routes.isWaiting('a.1')).to.equal(true)
  })
})
