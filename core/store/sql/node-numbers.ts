import { sql } from 'kysely'
import type { NodeName } from '../../domain/ids.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { MAX_NODE_NUMBER } from '../../domain/recording-id.ts'
import { insertIfAbsent } from './portable.ts'
import type { SqlDatabase } from './sql-database.ts'

/** Who has which of the 64 node numbers. Recording ids are unique as long as no number has two owners, so none is ever taken back by time. */
export class NodeNumbers {
  readonly #database: SqlDatabase

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  /**
   * The number of this node: the one that it has, else the smallest free one. Idempotent.
   * @throws HoldfastError `STORE_FAILED`; `CONFIG_INVALID` when all 64 have an owner
   */
  lease(node: NodeName, now: Date): Promise<number> {
    return this.#database.change(async (tx) => {
      const owned = async (): Promise<number | undefined> => (await tx.selectFrom('nodes').select('number').where('name', '=', node).executeTakeFirst())?.number
      const known = await owned()
      if (known !== undefined) return known
      const taken = new Set((await tx.selectFrom('nodes').select('number').execute()).map((row) => row.number))
      for (let number = 0; number <= MAX_NODE_NUMBER; number += 1) {
        if (taken.has(number)) continue
        // Another node may be faster: then the number is its, and the next one is tried.
        await insertIfAbsent(tx, tx.insertInto('nodes').values({ number, name: node, leased_at: now.getTime() }), { number: sql.ref<number>('number') }).execute()
        const got = await owned()
        if (got !== undefined) return got
      }
      throw new HoldfastError('CONFIG_INVALID', `all ${MAX_NODE_NUMBER + 1} node numbers have an owner; remove a node that is no more from the table nodes`)
    })
  }
}
