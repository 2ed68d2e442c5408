import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'

const EXTENSIONS = `
[from-customer]
exten => 100,1,Answer()
 same => n,Set(record=source)
 same => n,Set(GRECORD_PARTITIONS=/sales)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Wait(3)
 same => n,Hangup()
[from-agent]
`
/** Calls of a trunk are known by their address, whatever they call themselves. */
const TRUNK = '\n[trunk-identify]\ntype=identify\nendpoint=customer\nmatch=127.0.0.1\n'

/** Asterisk unescapes `%0d%0a` in the user part of From, and writes it raw into the headers of its events. */
const LINES = {
  'another record key': '5\r\nVariable: record\r\nValue: no',
  'another interaction': '5\r\nInteraction: shared-1',
  'the begin of free text': '5\r\n\r\nResponse: follow',
  'a hang-up': '5\r\n\r\nEvent: Hangup\r\nUniqueid: 1.1\r\n\r\n',
} as const

describe('a caller who writes line breaks into his number, on a real Asterisk', () => {
  let bench: LabBench

  before(async () => {
    bench = await LabBench.open({ extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }], attachedKeys: [], append: { 'pjsip.conf': TRUNK } })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  for (const [what, name] of Object.entries(LINES)) {
    it(`is recorded all the same, and harms nobody, with ${what}`, async () => {
      const since = new Date()
      await using hostile = await SipPhone.open({ name, proxy: bench.lab.asterisk.sipAddress, source: tone(440) })
      await using honest = await SipPhone.open({ name: 'customer', proxy: bench.lab.asterisk.sipAddress, source: tone(1000) })
      const forged = await hostile.call('100')
      await forged.answered()
      const call = await honest.call('100')
      await call.answered()
      await until(() => expect(call.sentSamples).to.be.above(12_000), { withinMs: 10_000 })
      expect((await fetch(`${bench.url}/readyz`)).status, 'the link is up').to.equal(200)
      await Promise.all([forged.ended(), call.ended()])
      // What could not be told from forged events is recorded natively, and adopted with the next link.
      await bench.holdfast.stop()
      await bench.start()
      const recordings = await bench.settled(2, { since })
      for (const recording of recordings) expect(recording).to.deep.include({ state: 'STORED', side: 'SOURCE', partitions: ['/sales'] })
      expect(recordings.map(({ interactionId }) => interactionId)).to.satisfy((ids: readonly string[]) => ids.every((id) => id.startsWith('lab-holdfast-lab-')))
    })
  }
})
