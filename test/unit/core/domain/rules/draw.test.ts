import { expect } from 'chai'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'mocha'
import { parseInteractionId } from '../../../../../core/domain/ids.ts'
import { bucketOf, type Draw, drawHolds, isDrawn, samplingKeyId } from '../../../../../core/domain/rules/draw.ts'
import { SAMPLING_KEY } from './rule-samples.ts'

const DRAWS = 100_000
const ids = Array.from({ length: DRAWS }, (_, index) => parseInteractionId(`pbx1-1763802300.${index}`))
/** The first eight bytes that `openssl` gives for the first test, in hexadecimal. */
const EXPECTED_FIRST_BYTES = '723b086bc6029bdc'
const OTHER_KEY = createSecretKey(Buffer.from('another key that is for tests alone'))

describe('draws', () => {
  const buckets = ids.map((id) => bucketOf(SAMPLING_KEY, id, 'sample'))

  it('are the keyed hash that the document promises', () => {
    // Worked out with: printf 'pbx1-1763802300.1\0sample' | openssl dgst -sha256 -hmac 'a sampling key that is for tests alone'
    const first = BigInt(`0x${EXPECTED_FIRST_BYTES}`) >> 11n
    expect(bucketOf(SAMPLING_KEY, parseInteractionId('pbx1-1763802300.1'), 'sample')).to.equal(Number(first) / 2 ** 53)
  })

  for (const percent of [0.1, 1, 10, 33.3, 50, 90]) {
    it(`take ${percent} % of a hundred thousand ids, within five sigma`, () => {
      const share = percent / 100
      const taken = buckets.filter((bucket) => isDrawn({ bucket, percent })).length
      expect(Math.abs(taken - DRAWS * share)).to.be.below(5 * Math.sqrt(DRAWS * share * (1 - share)))
    })
  }

  it('take none for 0 and all for 100', () => {
    expect(buckets.some((bucket) => isDrawn({ bucket, percent: 0 }))).to.equal(false)
    expect(buckets.every((bucket) => isDrawn({ bucket, percent: 100 }))).to.equal(true)
    expect([isDrawn({ bucket: 0, percent: 0 }), isDrawn({ bucket: 1 - 2 ** -53, percent: 100 })]).to.deep.equal([false, true])
  })

  it('keep those that were taken when the percentage grows', () => {
    expect(buckets.every((bucket) => !isDrawn({ bucket, percent: 10 }) || isDrawn({ bucket, percent: 11 }))).to.equal(true)
  })

  it('of two rules, or with two keys, have nothing to do with each other', () => {
    for (const other of [(id: (typeof ids)[number]) => bucketOf(SAMPLING_KEY, id, 'sample2'), (id: (typeof ids)[number]) => bucketOf(OTHER_KEY, id, 'sample')]) {
      const both = ids.slice(0, 40_000).filter((id, index) => (buckets[index] ?? 1) < 0.5 && other(id) < 0.5).length
      expect(Math.abs(both - 10_000)).to.be.below(5 * Math.sqrt(40_000 * 0.25 * 0.75))
    }
  })

  it('do not mix up where an id ends and a rule begins', () => {
    expect(bucketOf(SAMPLING_KEY, parseInteractionId('a1'), '1b')).not.to.equal(bucketOf(SAMPLING_KEY, parseInteractionId('a11'), 'b'))
  })

  it('are proved by the key, and by no other', () => {
    const id = parseInteractionId('pbx1-7')
    const draw: Draw = { rule: 'sample', hashedId: id, keyId: samplingKeyId(SAMPLING_KEY), bucket: bucketOf(SAMPLING_KEY, id, 'sample'), percent: 10 }
    const stored = JSON.parse(JSON.stringify(draw)) as Draw
    expect(drawHolds(stored, SAMPLING_KEY)).to.equal(true)
    expect(drawHolds(stored, OTHER_KEY)).to.equal(false)
    expect(drawHolds({ ...stored, hashedId: parseInteractionId('pbx1-8') }, SAMPLING_KEY)).to.equal(false)
    expect(drawHolds({ ...stored, bucket: stored.bucket / 2 }, SAMPLING_KEY)).to.equal(false)
  })
})
