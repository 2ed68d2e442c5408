import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseUnitId } from '../../../../../core/domain/ids.ts'
import { covers } from '../../../../../core/library/access/scope-cover.ts'
import type { AccessScope } from '../../../../../core/ports/recording-repository.ts'

const ALL: AccessScope = { type: 'all' }
const NONE: AccessScope = { type: 'none' }
const agent = (name: string): AccessScope => ({ type: 'agent', agent: name })
const named = (partitions: readonly string[], units: readonly string[] = []): AccessScope => ({ type: 'named', partitions, units: units.map(parseUnitId) })

describe('a scope', () => {
  const cases: Readonly<Record<string, readonly [outer: AccessScope, inner: AccessScope, covered: boolean]>> = {
    'of everything covers any': [ALL, named(['/a'], ['north']), true],
    'of some does not cover everything': [named(['/a']), ALL, false],
    'of nothing is covered by any': [named(['/a']), NONE, true],
    'of nothing covers none but itself': [NONE, named([]), false],
    'covers itself': [named(['/a', '/b'], ['north']), named(['/b'], ['north']), true],
    'covers a partition below': [named(['/a']), named(['/a/b/c']), true],
    'does not cover the partition above': [named(['/a/b']), named(['/a']), false],
    'does not cover one whose name begins alike': [named(['/a']), named(['/ab']), false],
    'covers all of the partitions or none': [named(['/a']), named(['/a/x', '/b']), false],
    'knows a path in any spelling': [named(['/Zoe\u0308']), named(['/Zo\u00eb/x']), true],
    'does not cover another unit': [named(['/a'], ['north']), named(['/a'], ['south']), false],
    'covers no unit by a partition': [named(['/a']), named(['/a'], ['north']), false],
    'of an agent covers her alone': [agent('Zoe\u0308'), agent('Zo\u00eb'), true],
    'of an agent does not cover another': [agent('anna'), agent('berta'), false],
    'of an agent is not that of a partition': [agent('anna'), named([]), false],
    'of a partition is not that of an agent': [named(['/a']), agent('anna'), false],
  }
  for (const [what, [outer, inner, covered]] of Object.entries(cases)) {
    it(what, () => {
      expect(covers(outer, inner)).to.equal(covered)
    })
  }
})
