import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import type { FreeSwitchInstallation } from '../../cli/lab/freeswitch-installation.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'

describe('a private FreeSWITCH', function () {
  this.timeout(60_000)
  let installation: FreeSwitchInstallation

  before(async function () {
    installation = await requireFreeSwitch(this)
  })

  it('connects two telephones, who hear one another', async () => {
    await using freeSwitch = await PrivateFreeSwitch.start({
      installation,
      directory: await temporaryDirectory(),
      contexts: { public: '<extension name="agent"><condition field="destination_number" expression="^100$"><action application="bridge" data="${sofia_contact(internal/agent-a@127.0.0.1)}"/></condition></extension>' },
      phones: [{ name: 'agent-a', context: 'public' }],
    })
    await using customer = await SipPhone.open({ name: 'customer', proxy: freeSwitch.sipAddress, source: tone(440) })
    await using agent = await SipPhone.open({ name: 'agent-a', proxy: freeSwitch.sipAddress, source: tone(1000) })
    await agent.register()
    const call = await customer.call('100')
    const incoming = await agent.incoming()
    await incoming.answer()
    await call.answered()
    await until(() => expect(incoming.sentSamples).to.be.above(8000), { withinMs: 10_000 })
    await call.hangUp()
    await incoming.ended()
    expect(await freeSwitch.cli('status')).to.contain('is ready')
  })
})
