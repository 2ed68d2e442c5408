import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pbxEventQueue } from '../../../../adapters/wire/pbx-event-queue.ts'
import { parseCallId, parseChannelId, parsePbxId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const ROUNDS = 3000
const of = (channel: number) => ({ channelId: parseChannelId(`leg-${channel}`), callId: parseCallId(`leg-${channel}`), at: new Date(0) })
const changed = (channel: number, key: string, value: string): PbxEvent => ({ type: 'attached-changed', ...of(channel), change: { key, value, source: 'dialplan', at: new Date(0) } })

describe('events of a PBX in a storm', () => {
  it('loses none but values of attached data of which a newer one waits, and has every last one', async () => {
    const runtime = quietRuntime()
    const queue = pbxEventQueue(parsePbxId('pbx'), runtime)
    const pushed: PbxEvent[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const leg = round % 10
      pushed.push(
        { type: 'channel-answered', ...of(leg) }, changed(leg, 'queue', String(round)), changed(leg, 'customer', String(round)), { type: 'held', ...of(leg) },
        { type: 'recording-asked', ...of(leg), requestId: String(round), direction: 'inbound', dialled: null, attached: {}, headers: {}, interactionId: null }, { type: 'hangup', ...of(leg), causeQ850: 16 },
      )
    }
    for (const event of pushed) queue.push(event)
    queue.end()
    const read = await Array.fromAsync(queue)
    const isChange = ({ type }: PbxEvent): boolean => type === 'attached-changed'
    expect(read.filter((event) => !isChange(event))).to.deep.equal(pushed.filter((event) => !isChange(event)))
    expect(read.filter((event) => isChange(event)).slice(-20)).to.deep.equal(pushed.filter((event) => isChange(event)).slice(-20))
    expect(read.filter((event) => isChange(event)).length).to.be.below(1000)
    expect(runtime.counted.get('holdfast_pbx_events_dropped_total')).to.equal(pushed.length - read.length)
  })
})
