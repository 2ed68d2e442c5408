import type { NodeName } from '../domain/ids.ts'
import type { Runtime } from '../ports/runtime.ts'
import { type Catalogue, catalogueIn } from './sqlite-store.ts'
import { type MysqlSettings, openMysqlDatabase } from './sql/mysql-database.ts'

/**
 * The catalogue in MariaDB or MySQL. A capture node has its journal beside it: `openSqliteJournal`.
 * @throws HoldfastError `STORE_NEWER`; `CONFIG_INVALID` for a server that is too old; `STORE_FAILED`
 */
export async function openMysqlCatalogue({ server, node, runtime }: { readonly server: MysqlSettings; readonly node: NodeName; readonly runtime: Runtime }): Promise<Catalogue> {
  return catalogueIn(await openMysqlDatabase(server), { node, runtime })
}
