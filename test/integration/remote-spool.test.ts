import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { audioSpans, heardMs } from '../support/audio/describe-audio.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { PLAIN_CALL_LAB } from '../support/plain-call-lab.ts'

describe('a PBX whose disk is not shared', () => {
  let bench: LabBench

  before(async () => {
    bench = await LabBench.open({ ...PLAIN_CALL_LAB, spool: 'ari' })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  it('has its files fetched over ARI straight into the sealed object, and deleted there', async () => {
    await using customer = await bench.phone('customer', tone(440))
    await using agent = await bench.phone('agent', tone(1000))
    await agent.register()
    const call = await customer.call('100')
    const taken = await agent.incoming()
    await taken.answer()
    await call.answered()
    await until(() => expect(taken.sentSamples).to.be.above(24_000), { withinMs: 10_000 })
    await call.hangUp()
    await taken.ended()
    const [recording] = await bench.settled(1)
    expect(recording).to.include({ state: 'STORED', channels: 2 })
    const { recorded, other } = await bench.channels(recording?.id ?? '')
    expect(heardMs(audioSpans(recorded, { customer: 440 }), 'customer')).to.be.above(2500)
    expect(heardMs(audioSpans(other, { agent: 1000 }), 'agent')).to.be.above(2500)
    await until(async () => expect(await readdir(join(bench.lab.recordingDirectory, 'holdfast'))).to.deep.equal([]))
  })
})
