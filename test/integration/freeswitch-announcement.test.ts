import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import { announcementOf, nativesFromDump } from '../../adapters/freeswitch/native-note.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { FreeSwitchBench, TONES } from '../support/freeswitch-bench.ts'
import { writePrompt } from '../support/freeswitch-prompt.ts'
import { until } from '../support/hooks.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const AGENT = '<action application="bridge" data="${sofia_contact(internal/agent@127.0.0.1)}"/>'
const announce = (words: string): string => `<action application="execute_extension" data="announce:${words} XML holdfast"/>`
const ASK = '<action application="execute_extension" data="record:direction=inbound XML holdfast"/>'
const HEARD = { ...TONES, prompt: 700 }
const PROMPT_MS = 800

describe('the announcement on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    const prompt = await writePrompt(directory(), { frequencyHz: HEARD.prompt, ms: PROMPT_MS })
    const routes = {
      told: `${announce(`prompt=${prompt}`)}${ASK}${announce(`prompt=${prompt}`)}${AGENT}`,
      early: `${announce(`prompt=${prompt},answer=no`)}${AGENT}`,
      missing: `${announce('prompt=/no/such/prompt.wav')}${AGENT}`,
      nothing: `${announce('answer=yes')}${AGENT}`,
    }
    const publicContext = Object.entries(routes).map(([name, actions]) => `<extension name="${name}"><condition field="destination_number" expression="^${name}$">${actions}</condition></extension>`).join('\n')
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext })
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(() => bench.clear())

  const outcomes = (): readonly (string | undefined)[] => bench.all('holdfast::announced').map((message) => announcementOf(message.get('Holdfast-Announced'))?.outcome)

  it('is heard once by the caller before anybody rings, and noted with the recording that follows', async () => {
    const call = await bench.customer.call('told')
    await call.answered()
    const incoming = await bench.agent.incoming()
    await until(() => expect(outcomes()).to.deep.equal(['played', 'skipped']))
    await incoming.answer()
    await delay(400)
    await call.hangUp()
    await incoming.ended()
    const heard = audioSpans(call.received.toSamples(), HEARD)
    expect(heardMs(heard, 'prompt'), describeAudio(call.received.toSamples(), HEARD)).to.be.closeTo(PROMPT_MS, 120)
    const [native] = nativesFromDump(await bench.api('hash_dump db holdfast'), '', { now: () => new Date(), refused: (reason) => expect.fail(reason), isHere: () => true })
    expect(native?.announcement).to.include({ outcome: 'played' })
    expect(Number(native?.announcement?.endedAt) - Number(native?.announcement?.startedAt)).to.be.greaterThan(PROMPT_MS - 100)
  })

  it('is played as early media where answering would start billing', async () => {
    const call = await bench.customer.call('early')
    const incoming = await bench.agent.incoming()
    expect(bench.all('CHANNEL_ANSWER')).to.deep.equal([])
    await until(() => expect(outcomes()).to.deep.equal(['played']))
    await incoming.answer()
    await call.answered()
    await call.hangUp()
    await incoming.ended()
  })

  for (const [route, expected] of [['missing', ['failed']], ['nothing', []]] as const) {
    it(`that is ${route} costs no call`, async () => {
      const call = await bench.customer.call(route)
      const incoming = await bench.agent.incoming()
      await until(() => expect(outcomes()).to.deep.equal(expected))
      await incoming.answer()
      await call.answered()
      await call.hangUp()
      await incoming.ended()
    })
  }

  it('is known to be cut, when the caller hangs up while it is played', async () => {
    const call = await bench.customer.call('told')
    await call.answered()
    await delay(200)
    await call.hangUp()
    const ended = await bench.event('CHANNEL_HANGUP_COMPLETE')
    expect(ended.variable('HOLDFAST_ANNOUNCING')).to.match(/^\/.*prompt\.wav:\d{16}$/)
    expect(outcomes()).to.deep.equal([])
  })
})
