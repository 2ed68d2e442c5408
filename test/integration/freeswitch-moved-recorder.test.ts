import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { telephoneOf } from '../support/flow-plan.ts'
import { FreeSwitchFlowBench } from '../support/freeswitch-flow-bench.ts'
import { FREESWITCH_ATTENDED_WAYS } from '../support/freeswitch-transfer-ways.ts'

const TALK_MS = 1000

describe('a recorder that recording_follow_attxfer has moved to another leg, on a real FreeSWITCH', () => {
  let bench: FreeSwitchFlowBench

  before(async function () {
    bench = await FreeSwitchFlowBench.open(this)
  })
  after(() => bench?.[Symbol.asyncDispose]())

  it('is not told as paused, though FreeSWITCH says yes and does nothing', async () => {
    await using flow = await bench.flow()
    const caller = telephoneOf('customer', flow.line)
    const { customer, a } = await flow.begin('source')
    await flow.talk(a, TALK_MS)
    const leg = await flow.channel('customer')
    const listed = await bench.api(`uuid_buglist ${leg}`)
    const path = /<function>session_record<\/function>\s*<target>([^<]*)</.exec(listed)?.[1] ?? 'none'
    await bench.api(`uuid_setvar ${await flow.channel('a')} recording_follow_attxfer true`)
    await FREESWITCH_ATTENDED_WAYS['the manager'](flow, a, 'b')
    const b = await flow.answer('b')
    await flow.talk(b, TALK_MS)
    expect(await bench.api(`uuid_record ${leg} mask ${path}`), 'what FreeSWITCH says by itself').to.contain('+OK')
    expect(await bench.lab.control('pause', caller)).to.match(/FAILED|confirm/)
    await customer.hangUp()
    await Promise.allSettled([a.hangUp(), b.hangUp()])
    const [recording] = await bench.lab.settled(1, { caller })
    expect(recording?.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([null])
  })
})
