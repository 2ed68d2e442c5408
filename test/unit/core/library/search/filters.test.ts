import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { checkedFilter } from '../../../../../core/library/search/filters.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../../../../core/ports/recording-repository.ts'
import { seconds } from '../../../../support/recording-facts.ts'

function fieldRefused(filter: Partial<RecordingFilter>): unknown {
  try {
    checkedFilter({ ...ANY_RECORDING, ...filter })
    return null
  } catch (error) {
    return error instanceof HoldfastError && error.code === 'FILTER_INVALID' ? error.details['field'] : error
  }
}

describe('a filter of recordings', () => {
  const cases: Readonly<Record<string, readonly [filter: Partial<RecordingFilter>, refused: string | null]>> = {
    'asks for nothing': [{}, null],
    'asks for a range of a millisecond': [{ startedFrom: seconds(0), startedTo: new Date(seconds(0).getTime() + 1) }, null],
    'asks for a range that ends where it begins': [{ startedFrom: seconds(0), startedTo: seconds(0) }, 'startedTo'],
    'asks for one duration': [{ minDurationMs: 5000, maxDurationMs: 5000 }, null],
    'asks for no duration that there is': [{ minDurationMs: 5001, maxDurationMs: 5000 }, 'maxDurationMs'],
    'asks for a duration below nothing': [{ minDurationMs: -1 }, 'minDurationMs'],
    'asks for a duration that is no number': [{ maxDurationMs: Number.NaN }, 'maxDurationMs'],
    'asks for no state': [{ states: [] }, 'states'],
    'asks for the longest word': [{ caller: 'x'.repeat(256) }, null],
    'asks for a longer one': [{ caller: 'x'.repeat(257) }, 'caller'],
    'asks for an empty word': [{ rule: '' }, 'rule'],
    'asks for half a character': [{ queue: '\ud83d' }, 'queue'],
    'asks for the longest value, in bytes': [{ attached: [{ key: 'a', value: '\u00e9'.repeat(4096) }] }, null],
    'asks for a longer value': [{ attached: [{ key: 'a', value: '\u00e9'.repeat(4097) }] }, 'attached'],
    'asks for as many keys as it may': [{ attached: Array.from({ length: 16 }, () => ({ key: 'a', value: 'b' })) }, null],
    'asks for one more': [{ attached: Array.from({ length: 17 }, () => ({ key: 'a', value: 'b' })) }, 'attached'],
    'asks for a partition that is none': [{ partitionUnder: 'sales' }, 'partitionUnder'],
  }
  for (const [what, [filter, refused]] of Object.entries(cases)) {
    it(`${refused === null ? 'may be' : 'is not'} one that ${what}`, () => {
      expect(fieldRefused(filter)).to.equal(refused)
    })
  }

  it('asks for each state once', () => {
    expect(checkedFilter({ ...ANY_RECORDING, states: ['stored', 'archived', 'stored'] }).states).to.deep.equal(['stored', 'archived'])
  })
})
