import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseTelephoneEvent, telephoneEventPayloads } from '../../../../adapters/phone/telephone-event.ts'

describe('telephoneEventPayloads', () => {
  it('grows in steps of one packet and says the end three times', () => {
    const events = (telephoneEventPayloads('*') ?? []).map(parseTelephoneEvent)
    expect(events.map((event) => event?.digit).every((digit) => digit === '*')).to.equal(true)
    expect(events.map((event) => event?.durationSamples)).to.deep.equal([160, 320, 480, 640, 800, 800, 800])
    expect(events.map((event) => event?.ended)).to.deep.equal([false, false, false, false, true, true, true])
  })

  for (const key of ['', 'x', '12', ' ']) {
    it(`knows no key ${JSON.stringify(key)}`, () => {
      expect(telephoneEventPayloads(key)).to.equal(null)
    })
  }
})

describe('parseTelephoneEvent', () => {
  it('gives null for other events and for what is cut off', () => {
    expect(parseTelephoneEvent(Uint8Array.of(70, 0, 0, 160))).to.equal(null)
    expect(parseTelephoneEvent(Uint8Array.of(1, 0, 0))).to.equal(null)
  })
})
