import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { parseRecordingId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { until } from '../support/hooks.ts'
import { closeLab, Heard, type Lab, openLab } from './asterisk-lab.ts'

const EXTENSIONS = `
[calls]
exten => sales,1,Set(__CUSTOMER_TYPE=gold)
 same => n,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Queue(sales,t,,,20)
exten => agent,1,Dial(PJSIP/agent,20)
exten => second,1,Dial(PJSIP/second,20)
exten => shift,1,Answer()
 same => n,AddQueueMember(sales,PJSIP/second,,,anna)
 same => n,RemoveQueueMember(sales,PJSIP/second)
 same => n,Hangup()
`

/** Everything that a call can do; the rest is told by other means. */
const EXPECTED: readonly PbxEvent['type'][] = [
  'announced', 'attached-changed', 'bridge-entered', 'bridge-left', 'channel-answered', 'channel-created', 'dial-began', 'dial-ended', 'hangup', 'held',
  'native-recording', 'queue-connected', 'queue-member-added', 'queue-member-removed', 'recorder-muted', 'recorder-started', 'recorder-stopped', 'recording-asked', 'transferred', 'unheld',
]

describe('the event filter that we print', () => {
  let lab: Lab

  before(async () => {
    lab = await openLab(EXTENSIONS, ['customer', 'agent', 'second'])
  })
  after(() => closeLab(lab))

  it('lets through everything that is read: a queue, holding, transfers both ways, a recorder and its mask', async () => {
    await using filtered = await Heard.open(lab)
    await using unfiltered = await Heard.open(lab, { user: 'observer' })
    await liveThroughACall(lab, filtered)
    await until(() => expect(filtered.all('hangup').length).to.equal(filtered.all('channel-created').length), { withinMs: 10_000 })
    await until(() => expect(told(filtered)).to.deep.equal(told(unfiltered)))
    const types = new Set(filtered.events.map((event) => event.type))
    expect(EXPECTED.filter((type) => !types.has(type))).to.deep.equal([])
    expect(filtered.all('transferred').map(({ kind }) => kind)).to.deep.equal(['blind', 'attended'])
  })
})

async function liveThroughACall(lab: Lab, heard: Heard): Promise<void> {
  const phones = await openPhones(lab)
  const { customer, agent, second } = phones
  try {
    const call = await customer.call('sales')
    const native = await heard.next('native-recording')
    await heard.adapter.stopSegment(native)
    const segment = await heard.adapter.startSegment({ channelId: native.channelId, recordingId: parseRecordingId('4200000000000001'), index: 0 })
    const taken = await agent.incoming()
    await taken.answer()
    await call.answered()
    await taken.hold()
    await taken.unhold()
    await heard.adapter.mask(segment)
    await heard.adapter.unmask(segment)
    second.onIncoming((ringing) => void ringing.answer())
    await taken.transferBlind('second')
    await taken.ended()
    await until(() => expect(heard.all('bridge-entered').length).to.be.at.least(4), { withinMs: 10_000 })
    await call.hangUp()
    await (await customer.call('shift')).ended()
    await consult(phones)
  } finally {
    await Promise.all([customer.close(), agent.close(), second.close()])
  }
}

async function consult({ customer, agent }: Phones): Promise<void> {
  const call = await customer.call('agent')
  const taken = await agent.incoming()
  await taken.answer()
  await call.answered()
  await taken.hold()
  const consultation = await agent.call('second')
  await consultation.answered()
  await delay(300)
  await taken.transferAttended(consultation)
  await Promise.all([taken.ended(), consultation.ended()])
  await call.hangUp()
}

interface Phones {
  readonly customer: SipPhone
  readonly agent: SipPhone
  readonly second: SipPhone
}

async function openPhones({ asterisk }: Lab): Promise<Phones> {
  const open = (name: string, hz: number): Promise<SipPhone> => SipPhone.open({ name, proxy: asterisk.sipAddress, source: tone(hz) })
  const phones = { customer: await open('customer', 440), agent: await open('agent', 1000), second: await open('second', 1700) }
  await Promise.all([phones.agent.register(), phones.second.register()])
  return phones
}

/** What was told, comparable: one connection may get two events of the same microsecond in the other order. */
function told(heard: Heard): readonly string[] {
  return heard.events.flatMap((event) => ('channelId' in event ? [`${event.at.toISOString()} ${event.channelId} ${event.type}`] : [])).toSorted()
}
