import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { describeAudio } from '../support/audio/describe-audio.ts'
import { longestSilenceMs } from '../support/audio/exact-silence.ts'
import type { HoldfastBench } from '../support/holdfast-bench.ts'
import { until } from '../support/hooks.ts'
import { NodesLab } from '../support/nodes-lab.ts'
import { controlInteraction, passThere, SITE_TONES, type SiteControl, type SitePhones } from '../support/site-call.ts'
import { FAR_PBX } from '../support/sites-lab.ts'
import { talkFor } from '../support/talk-for.ts'

const TALK_MS = 1500
const PAUSED_MS = 1200
/** A machine that is busy lets one wait. */
const DEADLINE_MS = 30_000

interface Active {
  readonly plainId: string
  readonly state: string
  readonly interaction: { readonly plainId: string } | null
}

describe('a call over two sites with a capture node at each, on two real Asterisks', () => {
  let lab: NodesLab
  let phones: SitePhones

  before(async () => {
    lab = await NodesLab.open()
    phones = {
      customer: await lab.near.phone('customer', tone(SITE_TONES.customer)),
      here: await lab.near.phone('agent-here', tone(SITE_TONES.here)),
      there: await lab.farPhone('agent-there', tone(SITE_TONES.there)),
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

  async function active(bench: HoldfastBench): Promise<Active> {
    return await until(async () => {
      const { activeRecordings: [recording] } = await bench.client.request<{ readonly activeRecordings: readonly Active[] }>('{ activeRecordings { plainId state interaction { plainId } } }')
      if (recording === undefined) throw new Error('nothing is being recorded')
      return recording
    }, { withinMs: DEADLINE_MS })
  }

  async function becomes(bench: HoldfastBench, state: string): Promise<void> {
    await until(async () => expect((await active(bench)).state).to.equal(state), { withinMs: DEADLINE_MS })
  }

  async function control(bench: HoldfastBench, mutation: 'recordingPause' | 'recordingResume', interactionId: string): Promise<SiteControl> {
    return await controlInteraction(bench.client, mutation, interactionId)
  }

  /** The customer is transferred to the other site; both sites record. */
  async function transferred(): Promise<{ readonly customer: PhoneCall; readonly there: PhoneCall; readonly interactionId: string; readonly ids: readonly string[] }> {
    const { customer, there } = await passThere(phones, talk)
    const [own, far] = [await active(lab.near), await active(lab.far)]
    expect(far.interaction?.plainId).to.equal(own.interaction?.plainId)
    return { customer, there, interactionId: own.interaction?.plainId ?? '', ids: [own.plainId, far.plainId] }
  }

  async function silenceMs(bench: HoldfastBench, id: string): Promise<number> {
    await until(async () => {
      const { recording } = await bench.client.request<{ readonly recording: { readonly state: string } | null }>('query R($id: ID!) { recording(id: $id) { state } }', { id })
      expect(recording?.state).to.equal('STORED')
    }, { withinMs: 2 * DEADLINE_MS, everyMs: 200 })
    const { recorded, other } = await bench.channels(id)
    expect(describeAudio(bench === lab.near ? other : recorded, SITE_TONES)).to.match(/there/)
    return longestSilenceMs([recorded, other])
  }

  it('is silent at both while it is paused, whichever node is asked, and has sound again at both', async () => {
    const { customer, there, interactionId, ids: [own = '', far = ''] } = await transferred()
    expect(await control(lab.near, 'recordingPause', interactionId)).to.deep.include({ isPartial: false, unconfirmedPbxs: [], userErrors: [] })
    await becomes(lab.far, 'PAUSED')
    await talk(there, PAUSED_MS)
    expect(await control(lab.far, 'recordingResume', interactionId)).to.deep.include({ unconfirmedPbxs: [], userErrors: [] })
    await becomes(lab.near, 'RECORDING')
    await talk(there)
    await customer.hangUp()
    await there.ended()
    expect(await silenceMs(lab.near, own)).to.be.above(PAUSED_MS - 200)
    expect(await silenceMs(lab.far, far)).to.be.above(PAUSED_MS - 200)
  })

  it('is partly paused while one node is away, which is named, and wholly as soon as it is back, also when both have died', async () => {
    const { customer, there, interactionId, ids: [own = '', far = ''] } = await transferred()
    await lab.far.holdfast.kill()
    const answer = await control(lab.near, 'recordingPause', interactionId)
    expect(answer).to.deep.include({ isPartial: true, unconfirmedPbxs: [FAR_PBX], results: [{ outcome: 'DONE' }] })
    expect(answer.userErrors.map(({ code }) => code)).to.deep.equal(['PAUSE_FAILED'])
    await talk(there)
    await lab.near.holdfast.kill()
    await lab.near.start()
    await lab.far.start()
    await becomes(lab.far, 'PAUSED')
    await becomes(lab.near, 'PAUSED')
    await talk(there, PAUSED_MS)
    expect(await control(lab.near, 'recordingResume', interactionId)).to.deep.include({ unconfirmedPbxs: [], userErrors: [] })
    await talk(there)
    await customer.hangUp()
    await there.ended()
    expect(await silenceMs(lab.far, far)).to.be.above(PAUSED_MS - 200)
    expect(await silenceMs(lab.near, own)).to.be.above(TALK_MS + PAUSED_MS - 200)
  })
})
