import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { describeAudio } from '../support/audio/describe-audio.ts'
import { longestSilenceMs } from '../support/audio/exact-silence.ts'
import { until } from '../support/hooks.ts'
import { callHere, controlInteraction, passThere, SITE_TONES, type SitePhones } from '../support/site-call.ts'
import { FAR_PBX, FAR_SHIFT_MS, FAR_STORE, SitesLab } from '../support/sites-lab.ts'
import { talkFor } from '../support/talk-for.ts'

const TALK_MS = 1500
const PAUSED_MS = 1200
/** A machine that is busy lets one wait. */
const TALK_DEADLINE_MS = 30_000
const SETTLED_WITHIN_MS = 60_000
/** Between our asking for the time and the answer lie milliseconds, on a busy machine some more. */
const OFFSET_TOLERANCE_MS = 500

interface Told {
  readonly plainId: string
  readonly recordings: readonly { readonly plainId: string; readonly pbx: string; readonly site: string | null; readonly state: string; readonly reason: string | null; readonly startedAt: string; readonly timelineStartedAt: string; readonly clockOffsetMs: number | null; readonly media: { readonly store: string | null } | null }[]
}

describe('a call over two sites, on two real Asterisks', () => {
  let lab: SitesLab
  let phones: SitePhones & Readonly<Record<'stranger' | 'secondLine', SipPhone>>

  before(async () => {
    lab = await SitesLab.open()
    phones = {
      customer: await lab.bench.phone('customer', tone(SITE_TONES.customer)),
      here: await lab.bench.phone('agent-here', tone(SITE_TONES.here)),
      there: await lab.farPhone('agent-there', tone(SITE_TONES.there)),
      secondLine: await lab.farPhone('second-line', tone(SITE_TONES.here)),
      stranger: await lab.farPhone('stranger', tone(SITE_TONES.customer)),
    }
    for (const phone of Object.values(phones)) await phone.register()
  })

  after(async () => {
    await Promise.all(Object.values(phones ?? {}).map((phone) => phone.close()))
    await lab?.[Symbol.asyncDispose]()
  })

  async function talk(call: PhoneCall, ms = TALK_MS): Promise<void> {
    await talkFor(call, ms)
  }

  async function activeInteraction(pbx: string): Promise<string> {
    return await until(async () => {
      const { activeRecordings } = await lab.bench.client.request<{ readonly activeRecordings: readonly { readonly pbx: string; readonly interaction: { readonly plainId: string } | null }[] }>('{ activeRecordings { pbx interaction { plainId } } }')
      const found = activeRecordings.find((recording) => recording.pbx === pbx)?.interaction?.plainId
      if (found === undefined) throw new Error(`nothing of ${pbx} is being recorded`)
      return found
    }, { withinMs: TALK_DEADLINE_MS })
  }

  /** The agent here talks to the customer, holds her, and a telephone asks the other site; each conversation is an interaction of its own so far. */
  async function consult(from: SipPhone, extension: string): Promise<{ readonly customer: PhoneCall; readonly here: PhoneCall; readonly asking: PhoneCall; readonly there: PhoneCall; readonly own: string; readonly asked: string }> {
    const { customer, here } = await callHere(phones)
    await talk(here)
    await here.hold()
    const asking = await from.call(extension)
    const there = await phones.there.incoming()
    await there.answer()
    await asking.answered()
    await talk(there)
    return { customer, here, asking, there, own: await activeInteraction('lab'), asked: await activeInteraction(FAR_PBX) }
  }

  async function settled(id: string, count: number): Promise<Told> {
    return await until(async () => {
      const { interaction } = await lab.bench.client.request<{ readonly interaction: Told | null }>('query I($id: ID!) { interaction(id: $id) { plainId recordings { plainId pbx site state reason startedAt timelineStartedAt clockOffsetMs media { store } } } }', { id })
      if (interaction === null || interaction.recordings.length !== count || interaction.recordings.some(({ state }) => state !== 'STORED')) throw new Error(`not settled: ${JSON.stringify(interaction)}`)
      return interaction
    }, { withinMs: SETTLED_WITHIN_MS, everyMs: 200 })
  }

  async function control(mutation: 'recordingPause' | 'recordingResume', interactionId: string): Promise<readonly string[]> {
    const { results, userErrors } = await controlInteraction(lab.bench.client, mutation, interactionId)
    return results?.map(({ outcome }) => outcome) ?? userErrors.map(({ message }) => message)
  }

  it('that is transferred to the other site is one interaction with both sites\' recordings in order, silent at both while it is paused', async () => {
    const { customer, there } = await passThere(phones, talk)
    const interactionId = await activeInteraction('lab')
    expect(await activeInteraction(FAR_PBX)).to.equal(interactionId)
    expect(await control('recordingPause', interactionId)).to.deep.equal(['DONE', 'DONE'])
    await talk(there, PAUSED_MS)
    expect(await control('recordingResume', interactionId)).to.deep.equal(['DONE', 'DONE'])
    await talk(there)
    await customer.hangUp()
    await there.ended()

    const { plainId, recordings: [second, first] } = await settled(interactionId, 2)
    if (first === undefined || second === undefined) throw new Error('two were asked for')
    expect(plainId).to.match(/^lab-/)
    expect([first.pbx, first.site, second.pbx, second.site]).to.deep.equal(['lab', 'lab', FAR_PBX, 'far'])
    expect([first.media?.store, second.media?.store]).to.deep.equal([null, FAR_STORE])
    expect(second.clockOffsetMs).to.be.closeTo(FAR_SHIFT_MS, OFFSET_TOLERANCE_MS)
    expect(first.clockOffsetMs).to.be.closeTo(0, OFFSET_TOLERANCE_MS)
    expect(Date.parse(second.startedAt), 'by the PBX\'s own clock').to.be.below(Date.parse(first.startedAt))
    expect(Date.parse(second.timelineStartedAt)).to.be.above(Date.parse(first.timelineStartedAt))

    for (const { plainId: id, pbx } of [first, second]) {
      const { recorded, other } = await lab.bench.channels(id)
      expect(longestSilenceMs([recorded, other]), `${pbx}: ${describeAudio(recorded, SITE_TONES)} / ${describeAudio(other, SITE_TONES)}`).to.be.above(PAUSED_MS - 200)
      expect(describeAudio(pbx === 'lab' ? other : recorded, SITE_TONES)).to.match(/there/)
    }
  })

  it('of a consultation with the other site that is joined is one interaction with the customer\'s', async () => {
    const { customer, here, asking, there, own, asked } = await consult(phones.here, '202')
    expect(asked, 'a conversation of its own so far').not.to.equal(own)
    await here.transferAttended(asking)
    await talk(there)
    await customer.hangUp()
    await there.ended()
    for (const id of [own, asked]) {
      const { plainId, recordings } = await settled(id, 2)
      expect([plainId, ...recordings.map(({ pbx }) => pbx)]).to.deep.equal([own, FAR_PBX, 'lab'])
    }
  })

  it('of a consultation by a second line of the other site is one interaction when the sites join them (REFER with Replaces)', async () => {
    const { customer, here, asking, there, own, asked } = await consult(phones.secondLine, '301')
    expect(asked).not.to.equal(own)
    expect(await here.transferAttended(asking)).to.equal(200)
    await talk(there)
    expect(await control('recordingPause', asked)).to.deep.equal(['DONE', 'DONE'])
    await talk(there, PAUSED_MS)
    expect(await control('recordingResume', own)).to.deep.equal(['DONE', 'DONE'])
    await talk(there)
    await customer.hangUp()
    await there.ended()
    for (const id of [own, asked]) {
      const { plainId, recordings } = await settled(id, 2)
      expect([plainId, ...recordings.map(({ pbx }) => pbx)]).to.deep.equal([own, FAR_PBX, 'lab'])
      for (const { plainId: recordingId } of recordings) {
        const { recorded, other } = await lab.bench.channels(recordingId)
        expect(longestSilenceMs([recorded, other])).to.be.above(PAUSED_MS - 200)
        expect(`${describeAudio(recorded, SITE_TONES)} ${describeAudio(other, SITE_TONES)}`).to.match(/customer/).and.to.match(/there/)
      }
    }
  })

  it('whose id a stranger has heard and sends is not joined by him', async () => {
    const { customer, here } = await callHere(phones)
    const own = await activeInteraction('lab')
    const forger = await phones.stranger.call('203', { headers: { 'X-Interaction-ID': own } })
    const there = await phones.there.incoming()
    await there.answer()
    await forger.answered()
    await talk(there)
    const his = await activeInteraction(FAR_PBX)
    expect(his).to.match(new RegExp(`^${FAR_PBX}-`))
    expect(await control('recordingPause', his)).to.deep.equal(['DONE'])
    await talk(there)
    await forger.hangUp()
    await there.ended()
    await customer.hangUp()
    await here.ended()
    const { recordings: [recording, none] } = await settled(own, 1)
    expect(none).to.equal(undefined)
    const { recorded, other } = await lab.bench.channels(recording?.plainId ?? '')
    expect(longestSilenceMs([recorded, other]), 'nothing of it is silent').to.be.below(TALK_MS)
  })
})
