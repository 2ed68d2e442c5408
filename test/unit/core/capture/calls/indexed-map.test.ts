import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { IndexedMap } from '../../../../../core/capture/calls/indexed-map.ts'

interface Leg {
  readonly call: string
  readonly askers: readonly string[]
}

describe('an indexed map', () => {
  let legs: IndexedMap<string, Leg, 'call' | 'asker'>

  beforeEach(() => {
    legs = new IndexedMap({ call: ({ call }) => [call], asker: ({ askers }) => askers })
    legs.set('a', { call: 'one', askers: [] })
    legs.set('b', { call: 'one', askers: ['a', 'x'] })
    legs.set('c', { call: 'two', askers: ['a'] })
  })

  it('finds entries by each word of theirs', () => {
    expect(legs.keysBy(['call', 'one'])).to.deep.equal(['a', 'b'])
    expect(legs.keysBy(['asker', 'a'])).to.deep.equal(['b', 'c'])
    expect(legs.by('asker', 'x')).to.deep.equal([{ call: 'one', askers: ['a', 'x'] }])
    expect(legs.by('call', 'nobody')).to.deep.equal([])
  })

  it('tells what has several of the words once, in the order in which it was set first', () => {
    legs.set('a', { call: 'two', askers: ['x'] })
    expect(legs.keysBy(['asker', 'x'], ['call', 'two'])).to.deep.equal(['a', 'b', 'c'])
  })

  it('follows what changes, and what is deleted', () => {
    legs.set('b', { call: 'two', askers: ['x'] })
    legs.delete('c')
    legs.delete('nobody')
    expect(legs.keysBy(['call', 'one'])).to.deep.equal(['a'])
    expect(legs.keysBy(['call', 'two'])).to.deep.equal(['b'])
    expect(legs.keysBy(['asker', 'a'])).to.deep.equal([])
    expect([legs.keys(), legs.has('c'), legs.get('b')]).to.deep.equal([['a', 'b'], false, { call: 'two', askers: ['x'] }])
  })

  it('is empty when it is cleared', () => {
    legs.clear()
    expect([legs.all(), legs.values(), legs.keysBy(['call', 'one'])]).to.deep.equal([[], [], []])
  })
})
