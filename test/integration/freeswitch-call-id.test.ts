import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FreeSwitchBench } from '../support/freeswitch-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const ASK = '<action application="answer"/><action application="execute_extension" data="record:direction=inbound XML holdfast"/>'
const AGENT = '<action application="export" data="nolocal:execute_on_answer=execute_extension record:direction=inbound XML holdfast"/><action application="bridge" data="${sofia_contact(internal/agent@127.0.0.1)}"/>'
const ROUTE = `<extension name="dial"><condition field="destination_number" expression="^dial$">${ASK}${AGENT}</condition></extension>`
/** A file that is touched lies where FreeSWITCH keeps its things. */
const RAN = 'ran'
const TOUCH = `\${system(cd \${temp_dir} && touch ${RAN})}`
/** Of a leg that FreeSWITCH named, with nothing of the caller's between the words. FreeSWITCH itself gives his call no id where it holds `${`. */
const OWN_NOTE = /^D\/holdfast_([0-9a-f-]{36})\/Channel:\1&Call:[-0-9A-Za-z._]*&Number:/
/** For what would be run to have been run. */
const MOMENT_MS = 300

describe('a caller who chooses the id of his leg (inbound-use-callid-as-uuid), on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext: ROUTE, profile: { 'inbound-use-callid-as-uuid': 'true' } })
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(async () => {
    await rm(path.join(directory(), 'run', RAN), { force: true })
    await bench.clear()
  })

  async function filesCalled(name: string): Promise<readonly string[]> {
    return (await readdir(directory(), { recursive: true })).filter((file) => file.split('/').includes(name))
  }

  async function notes(): Promise<readonly string[]> {
    return (await bench.api('hash_dump db holdfast')).split('\n').filter((line) => line.startsWith('D/'))
  }

  async function callAs(callId: string): Promise<void> {
    const call = await bench.customer.call('dial', { callId })
    const incoming = await bench.agent.incoming()
    await incoming.answer()
    await call.answered()
    await delay(MOMENT_MS)
    await call.hangUp()
    await incoming.ended()
  }

  for (const callId of [`x${TOUCH}`, `\\${TOUCH}`, `x'y${TOUCH}`, '../../../x', 'a b{c}', 'x&Interaction:trust&Announced:x', `${'x'.repeat(200)}${TOUCH}`]) {
    it(`has nothing run or written by ${callId.slice(0, 20)}`, async () => {
      await callAs(callId)
      expect(await filesCalled(RAN)).to.deep.equal([])
      for (const note of await notes()) expect(note).to.match(OWN_NOTE)
    })
  }

  it('is recorded with whom he calls where his id is harmless', async () => {
    await callAs('3c26-700d.x_1')
    expect((await notes()).join()).to.include('D/holdfast_3c26-700d.x_1/Channel:3c26-700d.x_1&')
    expect(await notes()).to.have.length(2)
  })
})
