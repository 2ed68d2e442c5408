import type { NodeName } from '../domain/ids.ts'
import type { Runtime } from '../ports/runtime.ts'
import { type Store, storeIn } from './catalogue.ts'
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
  return await storeIn(await openMysqlDatabase(server), options, () => openSqliteJournal({ file: journalFile, nodeNumber, runtime }))
}
