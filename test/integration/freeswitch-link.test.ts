import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { EslWatch, type EslWatchOptions } from '../support/esl-watch.ts'
import { DIALPLAN_FILES } from '../support/freeswitch-bench.ts'
import { until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { suiteDirectory } from '../support/suite-directory.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

const bridgeTo = (name: string, number: string): string => extension(number, `<action application="set" data="hangup_after_bridge=true"/><action application="bridge" data="\${sofia_contact(internal/${name}@127.0.0.1)}"/>`)
const extension = (number: string, actions: string): string => `<extension name="x${number}"><condition field="destination_number" expression="^${number}$">${actions}</condition></extension>`

const ROUTES = [
  bridgeTo('agent-a', '100'), bridgeTo('agent-b', '200'),
  extension('300', '<action application="answer"/><action application="conference" data="meeting@default"/>'),
  extension('400', '<action application="answer"/><action application="set" data="GRECORD_PARTITIONS=/sales"/><action application="set" data="crm=José 100% %41"/><action application="park"/>'),
  extension('500', '<action application="answer"/><action application="valet_park" data="lot 501"/>'),
  // What is set in each of these ways, and by what runs within an application of which nothing is told.
  extension('450', `<action application="answer"/><action application="set" data="crm=1"/><action application="execute_extension" data="within"/><action application="sleep" data="40"/>
    <action application="eval" data="\${uuid_setvar(\${uuid} crm 4)}"/><action application="execute_extension" data="record:direction=inbound XML holdfast"/><action application="export" data="crm=5"/><action application="bridge" data="\${sofia_contact(internal/agent-a@127.0.0.1)}"/>`),
  extension('within', '<action inline="true" application="set" data="crm=2"/><action application="multiset" data="crm=3 other=4"/>'),
  extension('600', '<action application="bridge" data="loopback/200"/>'),
].join('')

/** What FreeSWITCH 1.10.12 really tells, and what is made of it. */
describe('the link to a real FreeSWITCH', function () {
  this.timeout(60_000)
  const directory = suiteDirectory()
  let freeSwitch: PrivateFreeSwitch
  let customer: SipPhone
  let agent: SipPhone
  let colleague: SipPhone
  let proxy: TcpProxy
  let watch: EslWatch

  before(async function () {
    const installation = await requireFreeSwitch(this)
    freeSwitch = await PrivateFreeSwitch.start({ installation, directory: directory(), includeFiles: [DIALPLAN_FILES], contexts: { public: ROUTES }, phones: [{ name: 'agent-a', context: 'public' }, { name: 'agent-b', context: 'public' }] })
    const open = (name: string, frequency: number): Promise<SipPhone> => SipPhone.open({ name, proxy: freeSwitch.sipAddress, source: tone(frequency) })
    ;[customer, agent, colleague] = await Promise.all([open('customer', 440), open('agent-a', 1000), open('agent-b', 1500)])
    await Promise.all([agent.register(), colleague.register()])
  })
  after(async () => {
    await Promise.all([customer, agent, colleague].map((phone) => phone?.close()))
    await freeSwitch?.stop()
  })
  beforeEach(async () => {
    proxy = await TcpProxy.open(freeSwitch.eventSocketPort)
    watch = start()
    await watch.up()
  })
  afterEach(async () => {
    await freeSwitch.cli('hupall')
    await watch.stop()
    await proxy[Symbol.asyncDispose]()
    await until(async () => expect(await freeSwitch.cli('show channels count')).to.match(/^\s*0 total/m))
  })

  it('tells a call from its first ring to its end', async () => {
    const call = await customer.call('100')
    const incoming = await agent.incoming()
    await incoming.answer()
    await call.answered()
    await until(() => expect(watch.types()).to.include('bridge-entered'))
    await call.hangUp()
    await incoming.ended()
    await until(() => expect(watch.count('hangup')).to.equal(2))
    expect(watch.types()).to.include.members(['channel-created', 'dial-began', 'channel-answered', 'dial-ended', 'bridge-entered', 'bridge-left'])
    expect(new Set(watch.all('channel-created').map(({ channel }) => channel.endpoint))).to.deep.equal(new Set(['internal/customer@127.0.0.1', 'internal/agent-a@127.0.0.1']))
  })

  it('tells a transfer by REFER, and who is together afterwards', async () => {
    const { incoming } = await talk()
    await incoming.transferBlind('200')
    const taken = await colleague.incoming()
    await taken.answer()
    await until(() => expect(watch.together()).to.deep.equal([['agent-b', 'customer']]))
    expect(watch.all('transferred').map(({ kind, by, to }) => [kind, by.endpoint, to.identity.number])).to.deep.equal([['blind', 'internal/agent-a@127.0.0.1', '200']])
    await taken.hangUp()
  })

  it('tells an attended transfer by REFER with Replaces, and that its two calls are one', async () => {
    const { incoming } = await talk()
    await incoming.hold()
    const consultation = await agent.call('200')
    const taken = await colleague.incoming()
    await taken.answer()
    await consultation.answered()
    await incoming.transferAttended(consultation)
    await until(() => expect(watch.together()).to.deep.equal([['agent-b', 'customer']]))
    const [transferred] = watch.all('transferred')
    expect([transferred?.kind, transferred?.by.endpoint, transferred?.to.endpoint]).to.deep.equal(['attended', 'internal/agent-a@127.0.0.1', 'internal/agent-b@127.0.0.1'])
    expect(transferred?.consultation).not.to.equal(null)
    expect(new Set(watch.all('bridge-entered').slice(-2).map(({ callId }) => callId)).size).to.equal(1)
    await taken.hangUp()
  })

  for (const order of ['customer first', 'agent first'] as const) {
    it(`tells whom uuid_bridge joins (${order})`, async () => {
      await talk()
      const consultation = await agent.call('200')
      await (await colleague.incoming()).answer()
      await consultation.answered()
      await until(() => expect(watch.together()).to.deep.include(['agent-a', 'agent-b']))
      const ends = [watch.legOf('customer'), watch.legOf('agent-b')]
      await freeSwitch.cli(`uuid_bridge ${(order === 'customer first' ? ends : ends.toReversed()).join(' ')}`)
      await until(() => expect(watch.together()).to.deep.equal([['agent-b', 'customer']]))
    })
  }

  it('tells a conference as one bridge, and who has left it', async () => {
    const calls = await Promise.all([customer, agent, colleague].map((phone) => phone.call('300')))
    await until(() => expect(watch.together()).to.deep.equal([['agent-a', 'agent-b', 'customer']]))
    await calls[1]?.hangUp()
    await until(() => expect(watch.together()).to.deep.equal([['agent-b', 'customer']]))
    expect(new Set(watch.all('bridge-entered').map(({ kind }) => kind))).to.deep.equal(new Set(['conference']))
  })

  it('tells a leg that is parked in a lot alone, and with whom it is when it was fetched', async () => {
    await customer.call('500')
    await until(() => expect(watch.together()).to.deep.equal([['customer']]))
    await agent.call('500')
    await until(() => expect(watch.together()).to.deep.equal([['agent-a', 'customer']]))
  })

  it('tells values as they were set, by the dialplan and by a command', async () => {
    await customer.call('400')
    await until(() => expect(watch.attached()).to.deep.equal({ GRECORD_PARTITIONS: '/sales', crm: 'José 100% %41' }))
    await freeSwitch.cli(`uuid_setvar ${watch.legOf('customer')} crm a=b c`)
    await until(() => expect(watch.attached()).to.include({ crm: 'a=b c' }))
  })

  it('is told the same as one for which FreeSWITCH keeps nothing back, without the turns of our own dialplan', async () => {
    const unfiltered = start({ unheard: { Application: [], 'Application-Data': [] } })
    try {
      await unfiltered.up()
      const call = await customer.call('450')
      const incoming = await agent.incoming()
      await incoming.answer()
      await call.answered()
      await until(() => expect(watch.together()).to.deep.equal([['agent-a', 'customer']]))
      await call.hangUp()
      await incoming.ended()
      for (const each of [watch, unfiltered]) await until(() => expect(each.count('hangup')).to.equal(2))
      const changes = ({ events }: EslWatch): readonly string[] => events.flatMap((event) => (event.type === 'attached-changed' ? [`${event.change.key}=${event.change.value}`] : []))
      expect(changes(watch)).to.deep.equal(changes(unfiltered)).and.include.members(['crm=2', 'crm=3', 'crm=4', 'crm=5'])
      expect(watch.types().filter((type) => type !== 'link-up')).to.deep.equal(unfiltered.types().filter((type) => type !== 'link-up'))
      expect(unfiltered.applications).to.include.members(['sleep', 'execute_extension', 'eval', 'event', 'set', 'bridge'])
      expect(new Set(watch.applications)).to.deep.equal(new Set(unfiltered.applications.filter((name) => !['sleep', 'execute_extension', 'eval', 'event'].includes(name))))
      expect(new Set(watch.commands)).to.deep.equal(new Set(['uuid_setvar']))
    } finally {
      await unfiltered.stop()
    }
  })

  it('knows what is there when it comes back, and goes on from it', async () => {
    const { call } = await talk()
    proxy.cut()
    await watch.down()
    proxy.isOpen = true
    await watch.up()
    const found = watch.found()
    expect(found.map(({ channel: { endpoint, answeredAt } }) => `${endpoint} ${answeredAt !== null}`)).to.have.members(['internal/agent-a@127.0.0.1 true', 'internal/customer@127.0.0.1 true'])
    expect(new Set(found.map(({ bridgeId }) => bridgeId)).size).to.equal(1)
    expect(found[0]?.bridgeId).to.be.a('string')
    expect(new Set(found.map(({ channel: { callId } }) => callId)).size).to.equal(1)
    await call.hangUp()
    await until(() => expect(watch.count('hangup')).to.equal(2))
    expect(watch.count('bridge-left')).to.equal(2)
  })

  it('tells an attended transfer by FreeSWITCH itself, and who is together in each part of it', async () => {
    const { incoming } = await talk()
    const taken = await consult()
    await until(() => expect(watch.together()).to.deep.equal([['customer'], ['agent-a', 'agent-b']]))
    await incoming.hangUp()
    await until(() => expect(watch.together()).to.deep.equal([['agent-b', 'customer']]))
    expect(watch.all('transferred').map(({ kind, by, to }) => [kind, by.endpoint, to.endpoint])).to.deep.equal([['attended', 'internal/agent-a@127.0.0.1', 'internal/agent-b@127.0.0.1']])
    await taken.hangUp()
  })

  it('tells that who consulted is back with the customer when the consultation comes to nothing', async () => {
    await talk()
    const taken = await consult()
    await until(() => expect(watch.together()).to.deep.equal([['customer'], ['agent-a', 'agent-b']]))
    await taken.hangUp()
    await until(() => expect(watch.together()).to.deep.equal([['agent-a', 'customer']]))
    expect(watch.count('transferred')).to.equal(0)
  })

  it('knows of legs that nobody saw begin who is with whom', async () => {
    await talk()
    await consult()
    const meeting = [await customer.call('300'), await colleague.call('300')]
    const parked = await agent.call('500')
    await Promise.all([...meeting, parked].map((call) => call.answered()))
    await until(() => expect(watch.together()).to.have.length(4))
    const before = watch.together()
    await watch.stop()
    watch = start()
    await watch.up()
    expect(watch.together()).to.have.deep.members(before)
    expect(watch.together()).to.have.deep.members([['customer'], ['agent-a', 'agent-b'], ['agent-b', 'customer'], ['agent-a']])
  })

  it('names both halves of a pair within FreeSWITCH, and joins the telephones when they are taken out', async () => {
    await customer.call('600')
    await (await colleague.incoming()).answer()
    await until(() => expect(watch.together()).to.deep.include(['agent-b', 'customer']))
    const names = watch.all('channel-created').map(({ channel }) => channel.name).filter((name) => name.startsWith('loopback/'))
    expect(names.map((name) => name.at(-1))).to.have.members(['1', '2'])
    expect(new Set(names.map((name) => name.slice(0, -1))).size).to.equal(1)
  })

  it('notices a connection over which nothing comes any more, and makes another', async () => {
    proxy.deafen()
    await watch.down({ withinMs: 15_000 })
    proxy.hear()
    await watch.up()
    expect(proxy.connections).to.be.above(1)
  })

  it('comes back when FreeSWITCH is restarted, and says since when it runs', async () => {
    const before = new Date()
    await freeSwitch.restart()
    await until(() => expect(watch.all('link-up').length).to.be.above(1), { withinMs: 20_000 })
    const up = watch.all('link-up').at(-1)
    expect(up?.channels).to.deep.equal([])
    expect(up?.pbxStartedAt?.getTime()).to.be.above(before.getTime() - 2000)
    await Promise.all([agent.register(), colleague.register()])
  })

  it('dates by the clock of FreeSWITCH', () => {
    expect(Math.abs(watch.now().getTime() - Date.now())).to.be.below(1000)
  })

  function start(more: Pick<EslWatchOptions, 'unheard'> = {}): EslWatch {
    return EslWatch.start({ port: proxy.port, password: freeSwitch.password, recordingDirectory: freeSwitch.recordingsDirectory, keys: ['crm'], ...more })
  }

  /** The agent calls the colleague from within the call with the customer. */
  async function consult(): Promise<Awaited<ReturnType<SipPhone['incoming']>>> {
    const contact = await freeSwitch.cli('sofia_contact internal/agent-b@127.0.0.1')
    await freeSwitch.cli(`uuid_broadcast ${watch.legOf('agent-a')} att_xfer::${contact.trim()} aleg`)
    const taken = await colleague.incoming()
    await taken.answer()
    return taken
  }

  async function talk(): Promise<{ readonly call: Awaited<ReturnType<SipPhone['call']>>; readonly incoming: Awaited<ReturnType<SipPhone['incoming']>> }> {
    const call = await customer.call('100')
    const incoming = await agent.incoming()
    await incoming.answer()
    await call.answered()
    await until(() => expect(watch.together()).to.deep.equal([['agent-a', 'customer']]))
    return { call, incoming }
  }
})

