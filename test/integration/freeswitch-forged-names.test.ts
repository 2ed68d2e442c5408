import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { endpointOf, nameOf } from '../../adapters/freeswitch/channel-of.ts'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { FreeSwitchBench } from '../support/freeswitch-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const ROUTE = '<extension name="dial"><condition field="destination_number" expression="^dial$"><action application="bridge" data="${sofia_contact(internal/agent@127.0.0.1)}"/></condition></extension>'

describe('a caller who names his own leg (X-FS-Channel-Name), on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext: ROUTE })
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(() => bench.clear())

  function created(direction: string): Promise<EslMessage> {
    return bench.event('CHANNEL_CREATE', (message) => message.get('Call-Direction') === direction)
  }

  for (const said of ['gateway/site-b', 'user/200@example.org', 'loopback/200-a', 'sofia/other/200@10.0.0.1', 'sofia/internal/200@10.0.0.1']) {
    it(`as ${said} is taken for no other, nor is whom he calls`, async () => {
      await bench.customer.call('dial', { headers: { 'X-FS-Channel-Name': said } })
      await bench.agent.incoming()
      const [caller, callee] = [await created('inbound'), await created('outbound')]
      expect([caller.get('Channel-Name'), callee.get('Channel-Name')]).to.deep.equal([said, `${said}__B`])
      expect([endpointOf(caller), endpointOf(callee)]).to.deep.equal(['internal/customer@127.0.0.1', 'internal/agent@127.0.0.1'])
      for (const message of [caller, callee]) expect(nameOf(message)).to.match(/^sofia\/internal\/(customer|agent)@127\.0\.0\.1:\d+$/)
    })
  }
})
