import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import path from 'node:path'
import { describeAudio } from '../support/audio/describe-audio.ts'
import { readWav } from '../support/audio/read-wav.ts'
import { FreeSwitchBench, TONES } from '../support/freeswitch-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const PUBLIC = `
<extension name="dial"><condition field="destination_number" expression="^dial$">
  <action application="set" data="record=source"/>
  <action application="execute_extension" data="record:direction=inbound XML holdfast"/>
  <action application="execute_extension" data="agents XML holdfast"/>
  <action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/></condition></extension>
`

describe('the dialplan on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext: PUBLIC })
  })
  after(() => bench[Symbol.asyncDispose]())
  afterEach(() => bench.clear())

  async function lanes(): Promise<readonly [Int16Array, Int16Array]> {
    const [name, ...others] = await bench.spool()
    expect(others).to.deep.equal([])
    const { channels: [left, right] } = await readWav(path.join(bench.freeSwitch.recordingsDirectory, 'holdfast', name ?? 'none'))
    if (left === undefined || right === undefined) throw new Error('it has two channels')
    return [left, right]
  }

  describe('when the service is not there', () => {
    it('records by itself from the answer, without a 183', async () => {
      const call = await bench.customer.call('dial')
      const incoming = await bench.agent.incoming()
      await delay(600)
      expect(bench.all('CHANNEL_PROGRESS_MEDIA')).to.have.length(0)
      await incoming.answer()
      await call.answered()
      await delay(1500)
      await call.hangUp()
      await incoming.ended()
      await bench.event('RECORD_STOP')
      console.log(bench.heard.map((m) => `${m.get('Event-Subclass') ?? m.get('Event-Name')} ${m.get('Unique-ID')} ${m.get('Event-Date-Timestamp')}`).join('\n'))
      const native = await bench.event('holdfast::native')
      console.log([...native.entries()].map(([a, b]) => `${a}: ${b}`).join('\n').slice(0, 9000))
      console.log(await bench.api('hash_dump db holdfast'), await bench.api('hash_dump db holdfast-started'))
      const [left, right] = await lanes()
      console.log(describeAudio(left, TONES), describeAudio(right, TONES))
    })
  })
})
