import { expect } from 'chai'
import { describe, it } from 'mocha'
import { counted } from '../../../cli/counted.ts'

describe('a number of things', () => {
  it('is one thing, or several', () => {
    expect([0, 1, 2].map((count) => counted(count, 'recording'))).to.deep.equal(['0 recordings', '1 recording', '2 recordings'])
  })
})
