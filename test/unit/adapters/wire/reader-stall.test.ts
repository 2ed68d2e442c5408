import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ReaderStall } from '../../../../adapters/wire/reader-stall.ts'

describe('ReaderStall', () => {
  it('is behind from a second on, and abreast only when it can answer in time again', () => {
    const stall = new ReaderStall()
    const looked = [0, 1000, 1001, 20_000, 900, 101, 100, 900, 1001].map((stalledMs) => stall.look(stalledMs))
    expect(looked).to.deep.equal(['abreast', 'abreast', 'behind', 'behind', 'behind', 'behind', 'abreast', 'abreast', 'behind'])
  })
})
