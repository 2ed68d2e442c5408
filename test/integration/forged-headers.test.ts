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
exten => 101,1,Answer()
 same => n,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Wait(6)
 same => n,Hangup()
; A route for whatever is dialled.
exten => _[2-9].,1,Answer()
 same => n,Wait(1)
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

  it('hides nothing of those who write none', async () => {
    const since = new Date()
    await using honest = await SipPhone.open({ name: 'customer', proxy: bench.lab.asterisk.sipAddress, source: tone(1000) })
    const call = await honest.call('100')
    await call.ended()
    expect((await bench.settled(1, { since }))[0]).to.include({ state: 'STORED', origin: 'CONTROLLED' })
    expect(await forgedEvents(bench)).to.equal(0)
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

describe('a caller who writes events of a stranger\'s call, on a real Asterisk whose ids are short', () => {
  let bench: LabBench

  before(async () => {
    bench = await LabBench.open({
      extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }], attachedKeys: [],
      append: { 'pjsip.conf': TRUNK, 'asterisk.conf': '\n[options](+)\nsystemname =\n' },
    })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  /** The id of the stranger's leg has to fit in. */
  const STRANGERS: Readonly<Record<string, (leg: string) => { readonly name: string; readonly target: string }>> = {
    'a hang-up, in his number': (leg) => ({ name: `\n\nEvent: Hangup\nPrivilege: \nTimestamp: 123456789.1\nUniqueid: ${leg}\n\n`, target: '300' }),
    'a partition, in his number and what he dials': (leg) => ({ name: '\n\nEvent: VarSet\nPrivilege: \nTimestamp: 123456789.1', target: `2\nVariable: GRECORD_PARTITIONS\nValue: /m\nUniqueid: ${leg}\n\n` }),
    'a pause, in his number and what he dials': (leg) => ({ name: '\n\nEvent: UserEvent\nPrivilege: \nTimestamp: 123456789.1', target: `2\nUserEvent: HoldfastCode\nUniqueid: ${leg}\nRequest: 1\nAction: pause\n\n` }),
    'the end of his own event, in what he dials': (leg) => ({ name: '5', target: `2\nPriority: 1\nUniqueid: ${leg}\nLinkedid: 1\n\n` }),
  }

  for (const [what, forged] of Object.entries(STRANGERS)) {
    it(`leaves the recording of a stranger as it is, with ${what}`, async () => {
      const since = new Date()
      await using honest = await SipPhone.open({ name: 'customer', proxy: bench.lab.asterisk.sipAddress, source: tone(1000) })
      const call = await honest.call('101')
      await call.answered()
      const [leg] = await until(async () => {
        const { activeRecordings } = await bench.client.request<{ activeRecordings: { state: string; segments: { channelId: string }[] }[] }>('{ activeRecordings { state segments { channelId } } }')
        const legs = activeRecordings.filter(({ state }) => state === 'RECORDING').map(({ segments }) => segments[0]?.channelId ?? '')
        expect(legs).to.have.length(1)
        return legs
      })
      const { name, target } = forged(leg ?? '')
      await using hostile = await SipPhone.open({ name, proxy: bench.lab.asterisk.sipAddress, source: tone(700) })
      const attack = await hostile.call(target)
      await attack.answered()
      await attack.ended()
      await call.ended()
      const [recording] = await bench.settled(1, { since })
      expect(recording).to.deep.include({ state: 'STORED', side: 'SOURCE', partitions: [], pauses: [] })
      expect(recording?.durationMs).to.be.above(5_500)
      expect(await forgedEvents(bench)).to.be.above(0)
    })
  }
})

async function forgedEvents(bench: LabBench): Promise<number> {
  const metrics = await fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${await bench.token('administrator')}` } })
  return Number(/^holdfast_pbx_events_forged_total(?:{.*})? (\d+)$/m.exec(await metrics.text())?.[1] ?? 0)
}
