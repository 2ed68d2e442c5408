import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { parse, stringify } from 'yaml'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { confText } from '../../cli/lab/asterisk-conf.ts'
import { endpointSections } from '../../cli/lab/asterisk-endpoints.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { describeAudio } from '../support/audio/describe-audio.ts'
import { longestSilenceMs } from '../support/audio/exact-silence.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { controlInteraction, passThere, SITE_TONES } from '../support/site-call.ts'
import { CALLS_HERE } from '../support/sites-lab.ts'
import { suiteDirectory } from '../support/suite-directory.ts'
import { talkFor } from '../support/talk-for.ts'

const TALK_MS = 1500
const PAUSED_MS = 1200
/** A machine that is busy lets one wait. */
const DEADLINE_MS = 60_000
const FREESWITCH_DIALPLAN = join(import.meta.dirname, '../../dialplan/freeswitch/*.xml')

/** Where 2XX leads: the site of the FreeSWITCH. */
const THERE = `<extension name="agents"><condition field="destination_number" expression="^2[0-9][0-9]$">
  <action application="set" data="record=destination"/>
  <action application="execute_extension" data="record:direction=inbound XML holdfast"/>
  <action application="bridge" data="\${sofia_contact(internal/agent-there@127.0.0.1)}"/>
</condition></extension>`

interface Told {
  readonly plainId: string
  readonly recordings: readonly { readonly plainId: string; readonly pbx: string; readonly state: string }[]
}

describe('a call over an Asterisk and a FreeSWITCH', function () {
  this.timeout(180_000)
  const directory = suiteDirectory()
  let bench: LabBench
  let far: PrivateFreeSwitch | null = null

  before(async function () {
    const installation = await requireFreeSwitch(this)
    const started = await PrivateFreeSwitch.start({ installation, directory: join(directory(), 'freeswitch'), contexts: { public: THERE }, includeFiles: [FREESWITCH_DIALPLAN], phones: [{ name: 'agent-there', context: 'public' }] })
    far = started
    const { sipAddress, eventSocketPort, password, recordingsDirectory } = started
    await mkdir(join(recordingsDirectory, 'holdfast'), { recursive: true })
    bench = await LabBench.open({
      extensions: CALLS_HERE,
      phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent-here', context: 'from-agent' }],
      attachedKeys: [],
      append: { 'pjsip.conf': confText(endpointSections({ name: 'far', context: 'from-customer', address: sipAddress, password: null, entries: [['from_user', 'here']] })) },
      prepare: async ({ settingsFile }) => {
        const settings = parse(await readFile(settingsFile, 'utf8')) as { readonly pbxs: readonly Readonly<Record<string, unknown>>[] }
        const freeSwitch = { id: 'far', type: 'freeswitch', site: 'far', trustedTrunks: ['internal/*'], esl: { host: '127.0.0.1', port: eventSocketPort, password }, spool: { type: 'directory', path: recordingsDirectory } }
        await writeFile(settingsFile, stringify({ ...settings, pbxs: [...settings.pbxs, freeSwitch] }))
      },
    })
  })

  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await far?.[Symbol.asyncDispose]()
  })

  async function talk(call: PhoneCall, ms = TALK_MS): Promise<void> {
    await talkFor(call, ms, { withinMs: DEADLINE_MS })
  }

  async function control(mutation: 'recordingPause' | 'recordingResume', interactionId: string): Promise<readonly string[]> {
    const { results } = await controlInteraction(bench.client, mutation, interactionId)
    return results?.map(({ outcome }) => outcome) ?? []
  }

  it('is one interaction, and a pause silences what both record', async () => {
    if (far === null) throw new Error('no FreeSWITCH')
    await using customerPhone = await bench.phone('customer', tone(SITE_TONES.customer))
    await using herePhone = await bench.phone('agent-here', tone(SITE_TONES.here))
    await using therePhone = await SipPhone.open({ name: 'agent-there', proxy: far.sipAddress, source: tone(SITE_TONES.there) })
    for (const phone of [customerPhone, herePhone, therePhone]) await phone.register()
    const { customer, there } = await passThere({ customer: customerPhone, here: herePhone, there: therePhone }, talk)
    const interactionId = await until(async () => {
      const { activeRecordings } = await bench.client.request<{ readonly activeRecordings: readonly { readonly pbx: string; readonly interaction: { readonly plainId: string } | null }[] }>('{ activeRecordings { pbx interaction { plainId } } }')
      const ids = new Set(activeRecordings.map(({ interaction }) => interaction?.plainId))
      if (activeRecordings.length !== 2 || ids.size !== 1) throw new Error(`not one interaction: ${JSON.stringify(activeRecordings)}`)
      return [...ids][0] ?? ''
    }, { withinMs: 10_000 })
    expect(await control('recordingPause', interactionId)).to.deep.equal(['DONE', 'DONE'])
    await talk(there, PAUSED_MS)
    expect(await control('recordingResume', interactionId)).to.deep.equal(['DONE', 'DONE'])
    await talk(there)
    await customer.hangUp()
    await there.ended()
    const { recordings } = await until(async () => {
      const { interaction } = await bench.client.request<{ readonly interaction: Told | null }>('query I($id: ID!) { interaction(id: $id) { plainId recordings { plainId pbx state } } }', { id: interactionId })
      if (interaction?.recordings.length !== 2 || interaction.recordings.some(({ state }) => state !== 'STORED')) throw new Error(`not settled: ${JSON.stringify(interaction)}`)
      return interaction
    }, { withinMs: DEADLINE_MS, everyMs: 200 })
    expect(recordings.map(({ pbx }) => pbx)).to.deep.equal(['far', 'lab'])
    for (const { plainId, pbx } of recordings) {
      const { recorded, other } = await bench.channels(plainId)
      expect(longestSilenceMs([recorded, other]), `${pbx}: ${describeAudio(recorded, SITE_TONES)} / ${describeAudio(other, SITE_TONES)}`).to.be.above(PAUSED_MS - 200)
    }
  })
})
