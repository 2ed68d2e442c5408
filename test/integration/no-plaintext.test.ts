import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { expectStored, expectWhole } from '../support/expect-recording.ts'
import { filesWithSound, needlesOf } from '../support/find-sound.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { FreeLines, NUMBER_PLAN } from '../support/number-plan.ts'
import { type ToneCall, ToneCalls } from '../support/tone-call.ts'

/** More than the block of 2.05 s that Asterisk holds back. */
const TALK_MS = 2500

describe('the sound of a call whose service is killed', () => {
  let bench: LabBench
  let calls: readonly ToneCall[]
  let needles: readonly Buffer[]

  before(async () => {
    bench = await LabBench.open({ ...NUMBER_PLAN, as: 'mortal' })
    await using placed = new ToneCalls(bench, new FreeLines())
    calls = await Promise.all([placed.place('source'), placed.place('source'), placed.place('destination'), placed.place('source')])
    await delay(TALK_MS)
    expect(await bench.control('pause', calls[0]?.caller ?? '')).to.equal('DONE')
    await bench.holdfast.kill()
    await placed.hangUp()
    needles = await needlesOfSpool()
  })
  after(() => bench[Symbol.asyncDispose]())

  it('is found where it is: in the spool', async () => {
    expect(await filesWithSound(bench.lab.recordingDirectory, needles)).to.have.length(8)
  })

  it('lies nowhere else when the service dies while it records, seals, and stores', async () => {
    expect(await elsewhere(), 'while it records').to.deep.equal([])
    await bench.startAndDie({ when: 'after', of: 'verify', afterMs: 3 })
    expect(await elsewhere(), 'while it seals').to.deep.equal([])
    await bench.startAndDie({ when: 'before', of: 'seal-and-store', afterMs: 0 })
    expect(await elsewhere(), 'when it has stored').to.deep.equal([])
  })

  describe('and started again', () => {
    before(() => bench.start())

    it('lies nowhere at all when it is stored', async () => {
      for (const call of calls) await expectStored(bench, call)
      await until(async () => expect(await bench.spool()).to.deep.equal([]))
      expect(await filesWithSound(bench.directory, needles)).to.deep.equal([])
    })

    it('lies nowhere when it has been listened to; and it was whole, and there once', async () => {
      for (const call of calls.slice(1)) await expectWhole(bench, call, await expectStored(bench, call))
      expect(await filesWithSound(bench.directory, needles)).to.deep.equal([])
    })
  })

  async function elsewhere(): Promise<readonly string[]> {
    return await filesWithSound(bench.directory, needles, [bench.lab.recordingDirectory])
  }

  async function needlesOfSpool(): Promise<readonly Buffer[]> {
    const names = (await bench.spool()).filter((name) => name.includes('.rx.'))
    const read = async (name: string): Promise<Buffer> => await readFile(join(bench.lab.recordingDirectory, 'holdfast', name))
    const found = await Promise.all(names.map(async (name) => needlesOf(await read(name), await read(name.replace('.rx.', '.tx.')))))
    return found.flat()
  }
})
