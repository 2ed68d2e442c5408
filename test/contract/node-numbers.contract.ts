import { describe, it } from 'mocha'
import { expect } from 'chai'
import { parseNodeName } from '../../core/domain/ids.ts'
import { NodeNumbers } from '../../core/store/sql/node-numbers.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { MORNING } from '../support/recording-facts.ts'
import { expectCode } from '../support/rejection.ts'

/** How numbers are given out in a database. `open` gives an empty one. */
export function nodeNumbersContract(name: string, open: () => Promise<SqlDatabase>): void {
  describe(`${name} gives out node numbers`, () => {
    it('one to each node, the same again, and none twice when many ask at once', async () => {
      const numbers = new NodeNumbers(await open())
      const nodes = Array.from({ length: 10 }, (_, index) => parseNodeName(`node-${index}`))
      const given = await Promise.all([...nodes, ...nodes].map((node) => numbers.lease(node, MORNING)))
      expect(given.slice(10)).to.deep.equal(given.slice(0, 10))
      expect(given.slice(0, 10).toSorted((a, b) => a - b)).to.deep.equal(nodes.map((_, index) => index))
    })

    it('and refuses a node for which none is left', async () => {
      const numbers = new NodeNumbers(await open())
      for (let index = 0; index < 64; index += 1) await numbers.lease(parseNodeName(`node-${index}`), MORNING)
      await expectCode(numbers.lease(parseNodeName('one-too-many'), MORNING), 'CONFIG_INVALID')
    })
  })
}
