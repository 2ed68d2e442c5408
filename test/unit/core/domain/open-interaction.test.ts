import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseCallId, parseInteractionId, parsePbxId } from '../../../../core/domain/ids.ts'
import { afterOpeningFact, type OpenInteraction, survivor } from '../../../../core/domain/open-interaction.ts'
import { idAt, requested, seconds } from '../../../support/recording-facts.ts'

const PBX = parsePbxId('pbx-1')

function interaction(id: string, party: OpenInteraction['party'], startedAt: Date): OpenInteraction {
  return { id: parseInteractionId(id), startedAt, party, calls: [{ pbxId: PBX, callId: parseCallId(`${id}.1`) }], mergedIntoId: null }
}

describe('two interactions that turn out to be one', () => {
  const rows = [
    { told: 'go on as the customer\'s, though the colleagues\' is older', one: interaction('i-a', 'colleagues', seconds(0)), other: interaction('i-b', 'customer', seconds(9)), into: 'i-b' },
    { told: 'go on as the older of two alike', one: interaction('i-a', 'customer', seconds(5)), other: interaction('i-b', 'customer', seconds(1)), into: 'i-b' },
    { told: 'go on as the same one for everybody, when they began at once', one: interaction('i-b', 'colleagues', seconds(5)), other: interaction('i-a', 'colleagues', seconds(5)), into: 'i-a' },
  ]
  for (const { told, one, other, into } of rows) {
    it(told, () => {
      expect([survivor(one, other).id, survivor(other, one).id]).to.deep.equal([into, into])
    })
  }
})

describe('an open interaction', () => {
  const asked = requested({ id: idAt(1), interaction: 'i-a', change: { direction: 'internal' } })

  it('is a customer\'s as soon as one of its calls is', () => {
    const among = afterOpeningFact(null, asked)
    const later = afterOpeningFact(among, { ...asked, direction: 'outbound' })
    expect([among?.party, later?.party, afterOpeningFact(later, asked)?.party]).to.deep.equal(['colleagues', 'customer', 'customer'])
  })

  it('began by our clock, whatever its PBX\'s says', () => {
    expect(afterOpeningFact(null, { ...asked, clockOffsetMs: -7000 })?.startedAt).to.deep.equal(seconds(8))
  })

  it('stays in what it was merged into first, and is nothing after its end', () => {
    const merged = (into: string) => ({ type: 'interaction-merged', interactionId: asked.interactionId, mergedIntoId: parseInteractionId(into), at: seconds(2) }) as const
    const once = afterOpeningFact(afterOpeningFact(null, asked), merged('i-b'))
    expect(afterOpeningFact(once, merged('i-c'))?.mergedIntoId).to.equal('i-b')
    expect(afterOpeningFact(once, { type: 'interaction-ended', interactionId: asked.interactionId, at: seconds(3) })).to.equal(null)
    expect(afterOpeningFact(null, merged('i-b')), 'of another site').to.deep.equal({ id: 'i-a', startedAt: seconds(2), party: 'colleagues', calls: [], mergedIntoId: 'i-b' })
  })
})
