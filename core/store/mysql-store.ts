import type { NodeName } from '../domain/ids.ts'
import type { Runtime } from '../ports/runtime.ts'
import { catalogueIn, type Store } from './catalogue.ts'
import { type MysqlSettings, openMysqlDatabase } from './sql/mysql-database.ts'
import { openSqliteJournal } from './sqlite-store.ts'

/**
 * The catalogue in a MariaDB or MySQL database; the journal in a file of this machine, so that capture waits for no server.
 * @throws HoldfastError as {@link openMysqlDatabase}
 */
export async function openMysqlStore(options: {
  readonly server: MysqlSettings
  readonly journalFile: string
  readonly node: NodeName
  readonly nodeNumber: number
  readonly runtime: Runtime
  readonly customerIdKey: string | null
}): Promise<Store> {
  const { server, journalFile, nodeNumber, runtime } = options
  const database = await openMysqlDatabase(server)
  try {
    const journal = await openSqliteJournal({ file: journalFile, nodeNumber, runtime })
    const catalogue = catalogueIn(database, options)
    return {
      ...catalogue,
      journal,
      async close() {
        await journal[Symbol.asyncDispose]()
        await catalogue.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
