import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { isVoid, type Recording } from '../../../../../core/domain/recording.ts'
import type { NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const nativeOf = (bench: CaptureBench, channel: Channel, began: NativeRecording['began']): NativeRecording => {
  const file = `holdfast/native-${channel.channelId}.wav`
  return {
    type: 'native-recording', began, ...bench.pbx.of(channel), because: 'no-answer', recorderId: file, direction: 'inbound', files: { received: file, transmitted: file },
    caller: channel.caller, dialled: '100', attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null,
  }
}

/** One whose leg rings, and is recorded by the dialplan when it is answered. */
async function armed(): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly native: NativeRecording }> {
  const bench = await CaptureBench.open()
  const customer = bench.pbx.call('customer')
  const native = nativeOf(bench, customer, 'unknown')
  bench.pbx.emit(native)
  await bench.settled()
  bench.pbx.after(5000)
  return { bench, customer, native }
}

const voids = ({ segments }: Recording): readonly boolean[] => segments.map((segment) => isVoid(segment))

describe('a recorder of the dialplan\'s own that waits for the answer of its leg', () => {
  it('never ran when its leg ends unanswered', async () => {
    const { bench, customer } = await armed()
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.only()).to.include({ origin: 'native', state: 'stopped', reason: 'hangup', answeredAt: null })
    expect(voids(bench.only())).to.deep.equal([true])
  })

  it('ran when its leg was answered', async () => {
    const { bench, customer } = await armed()
    bench.pbx.answers(customer)
    bench.pbx.after(1000).hangsUp(customer)
    await bench.settled()
    expect(voids(bench.only())).to.deep.equal([false])
  })

  it('ran when its file is there, whatever was seen', async () => {
    const { bench, customer, native } = await armed()
    bench.spool.set(native.files.received, { name: native.files.received, sizeBytes: 44, modifiedAt: bench.pbx.now })
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(voids(bench.only())).to.deep.equal([false])
  })

  for (const [began, file, told] of [['no', 'absent', true], ['no', 'there', false], ['unknown', 'absent', false], ['yes', 'absent', false]] as const) {
    it(`${told ? 'never ran' : 'may have run'} when its call was over before anybody listened, its note says "${began}", and its file is ${file}`, async () => {
      const before = await CaptureBench.open()
      const native = nativeOf(before, before.pbx.channel('customer'), began)
      before.pbx.vanishes(before.pbx.channelOf(native.channelId))
      if (file === 'there') before.spool.set(native.files.received, { name: native.files.received, sizeBytes: 44, modifiedAt: before.pbx.after(500).now })
      const bench = await CaptureBench.open({ pbx: before.pbx.after(1000).forNextService([native]), journal: before.journal, spool: before.spool })
      expect(bench.only()).to.include({ origin: 'native', state: 'stopped', reason: 'ended-unseen' })
      expect(voids(bench.only())).to.deep.equal([told])
    })
  }
})
