import { describe, it } from 'mocha'
import { expect } from 'chai'
import { Interpolator } from '../../../../core/ingest/interpolator.ts'

const SAMPLES = Int16Array.of(300, 600, 0, 0, -32_768, 32_767, 1)

describe('Interpolator', () => {
  it('draws straight lines between samples, and begins with the first one', () => {
    expect([...made(3, [21])]).to.deep.equal([300, 300, 300, 400, 500, 600, 400, 200, 0, 0, 0, 0, -10_923, -21_845, -32_768, -10_923, 10_922, 32_767, 21_845, 10_923, 1])
  })

  for (const factor of [1, 2, 3, 6]) {
    it(`makes ${factor} of one, wherever blocks are cut`, () => {
      const frames = SAMPLES.length * factor
      const whole = made(factor, [frames])
      expect(whole.filter((_, at) => at % factor === factor - 1)).to.deep.equal(SAMPLES)
      for (let cut = 0; cut <= frames; cut += 1) expect(made(factor, [cut, frames - cut]), `${cut}`).to.deep.equal(whole)
      expect(made(factor, Array.from({ length: frames }, () => 1))).to.deep.equal(whole)
    })
  }
})

/** The frames that blocks of these lengths give, of exactly the samples that each asked for. */
function made(factor: number, blocks: readonly number[]): Int16Array {
  const interpolator = new Interpolator(factor)
  const frames: number[] = []
  let at = 0
  for (const block of blocks) {
    const needs = interpolator.needs(block)
    const target = new Int16Array(block)
    interpolator.writeTo(target, SAMPLES.subarray(at, at + needs))
    at += needs
    frames.push(...target)
  }
  expect(at).to.equal(SAMPLES.length)
  return Int16Array.from(frames)
}
