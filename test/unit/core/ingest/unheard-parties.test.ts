import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type Call, IngestFixture, findings, masked, oneFileOf, type Sound, spoolWav, stereoWav, tone } from './ingest-fixture.ts'

const CUSTOMER = tone(440)
const AGENT = tone(1000)
const NOTHING: Sound = () => 0
const BOTH = [{ who: 'customer', fromMs: 0 }, { who: 'agent', fromMs: 0 }] as const
const CALL: Call = { endMs: 6000, parties: BOTH }

/** What is found of lost sound in a call of one segment. */
async function found(received: Sound, transmitted: Sound, call: Call = CALL): Promise<ReturnType<typeof findings>> {
  const fixture = await IngestFixture.open()
  fixture.spool(spoolWav(call.endMs, received), spoolWav(call.endMs, transmitted))
  await fixture.told(call)
  return findings(await fixture.ingest()).filter(({ code }) => code === 'nothing-received')
}

describe('a side of which nothing was received', () => {
  it('is named where somebody was there for more than five seconds, and the other side was heard', async () => {
    expect(await found(CUSTOMER, NOTHING)).to.deep.equal([{ code: 'nothing-received', segmentIndex: 0, details: { channel: 2, milliseconds: 6000 } }])
    expect(await found(NOTHING, AGENT)).to.deep.equal([{ code: 'nothing-received', segmentIndex: 0, details: { channel: 1, milliseconds: 6000 } }])
  })

  it('is named where only the newcomer of a later segment is lost, and the whole channel is not silent', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(1000, CUSTOMER), spoolWav(1000, AGENT), { index: 0 })
    fixture.spool(spoolWav(6000, CUSTOMER), spoolWav(6000, NOTHING), { index: 1 })
    await fixture.told({ endMs: 7000, segments: [{ startMs: 0, endMs: 1000 }, { startMs: 1000, endMs: 7000 }], parties: BOTH })
    expect(findings(await fixture.ingest())).to.deep.equal([{ code: 'nothing-received', segmentIndex: 1, details: { channel: 2, milliseconds: 6000 } }])
  })

  it('is named where a newcomer is lost behind the ringing before she answered, in the same segment', async () => {
    const lost: Call = { endMs: 8000, parties: [BOTH[0], { who: 'agent', fromMs: 2000 }] }
    expect(await found(CUSTOMER, masked(AGENT, 2000, 8000), lost)).to.deep.equal([{ code: 'nothing-received', segmentIndex: 0, details: { channel: 2, milliseconds: 6000 } }])
    expect(await found(CUSTOMER, masked(AGENT, 1990, 8000), lost), 'two clocks').to.have.length(1)
    expect(await found(CUSTOMER, masked(AGENT, 2030, 8000), lost), 'a packet more').to.have.length(1)
  })

  it('is named in a file with both channels', async () => {
    const fixture = await IngestFixture.open()
    fixture.source.put(oneFileOf(0).received, stereoWav(6000, { left: CUSTOMER, right: NOTHING }), new Date(0))
    await fixture.told({ ...CALL, files: oneFileOf })
    expect(findings(await fixture.ingest()).map(({ code }) => code)).to.include('nothing-received')
  })

  it('is counted', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(6000, CUSTOMER), spoolWav(6000, NOTHING))
    await fixture.told(CALL)
    await fixture.ingest()
    expect(fixture.runtime.counted.get('holdfast_findings_total')).to.equal(2)
  })

  const HONEST: Readonly<Record<string, readonly [received: Sound, transmitted: Sound, call?: Call]>> = {
    'a telephone that says only what a quiet line says': [CUSTOMER, (frame) => (frame === 40_000 ? 8 : 0)],
    'somebody who came less than five seconds before the end': [CUSTOMER, NOTHING, { endMs: 6000, parties: [BOTH[0], { who: 'agent', fromMs: 1000 }] }],
    'a newcomer who was heard once, and then no more': [CUSTOMER, masked(AGENT, 2200, 8000), { endMs: 8000, parties: [BOTH[0], { who: 'agent', fromMs: 2000 }] }],
    'a newcomer who came when the other side was heard no more': [masked(CUSTOMER, 1900, 8000), masked(AGENT, 1800, 8000), { endMs: 8000, parties: [BOTH[0], { who: 'agent', fromMs: 2000 }] }],
    'a newcomer of less than five seconds, behind ringing': [CUSTOMER, masked(AGENT, 2000, 6000), { endMs: 6000, parties: [BOTH[0], { who: 'agent', fromMs: 2000 }] }],
    'a pause behind ringing that leaves less than five seconds': [masked(CUSTOMER, 3000, 5500), masked(AGENT, 2000, 8000), { endMs: 8000, parties: [BOTH[0], { who: 'agent', fromMs: 2000 }], pauses: [{ fromMs: 3000, toMs: 5500 }] }],
    'nobody on the other side': [CUSTOMER, NOTHING, { endMs: 6000, parties: [BOTH[0]] }],
    'nobody of whom it is known whose leg is recorded': [CUSTOMER, NOTHING, { endMs: 6000, parties: [BOTH[1]] }],
    'a call in which nobody was heard': [NOTHING, NOTHING],
    'the ringing before the answer': [NOTHING, AGENT, { ...CALL, answeredMs: 2000 }],
    'a pause that leaves less than five seconds': [masked(CUSTOMER, 2000, 5000), NOTHING, { ...CALL, pauses: [{ fromMs: 2000, toMs: 5000 }] }],
  }
  for (const [what, [received, transmitted, call]] of Object.entries(HONEST)) {
    it(`is not ${what}`, async () => {
      expect(await found(received, transmitted, call)).to.deep.equal([])
    })
  }

  it('is not a lane whose file is missing, which is told by that name', async () => {
    const fixture = await IngestFixture.open()
    fixture.spool(spoolWav(6000, CUSTOMER), null)
    await fixture.told(CALL)
    expect(findings(await fixture.ingest()).map(({ code }) => code)).to.deep.equal(['lane-missing', 'channel-silent'])
  })
})
