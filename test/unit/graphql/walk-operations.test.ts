import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createHoldfastSchema } from '../../../graphql/schema.ts'
import { WalkOperations } from '../../support/walk/walk-operations.ts'

/** The walk itself takes half a minute: test/integration/processor/schema-walk.test.ts. */
describe('the questions of the walk over the schema', () => {
  it('ask for every field that an answer may have, and have a word for every argument', () => {
    const operations = new WalkOperations(createHoldfastSchema())
    for (const root of ['Query', 'Mutation', 'Subscription'] as const) operations.of(root)
    expect([...operations.speechless], 'teach test/support/walk/walk-words.ts what may stand there').to.deep.equal([])
    expect(operations.answerable.filter((field) => !operations.asked.has(field))).to.deep.equal([])
  })
})
