import { join } from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Store } from '../core/store/catalogue.ts'
import { openMysqlStore } from '../core/store/mysql-store.ts'
import { openMysqlDatabase } from '../core/store/sql/mysql-database.ts'
import type { SqlDatabase } from '../core/store/sql/sql-database.ts'
import { openSqliteDatabase } from '../core/store/sql/sqlite-database.ts'
import { openSqliteStore } from '../core/store/sqlite-store.ts'
import type { ServiceRuntime } from './runtime/service-runtime.ts'

/** The catalogue that the settings name, and this node's journal, which is a file of this machine always. @throws HoldfastError `STORE_FAILED`; `STORE_NEWER`; `CONFIG_INVALID` */
export async function openStore({ catalogue, dataDirectory, node, audit }: Settings, runtime: ServiceRuntime): Promise<Store> {
  const own = { journalFile: join(dataDirectory, 'journal.db'), node: node.name, nodeNumber: node.number, runtime, customerIdKey: audit.customerIdKey }
  return catalogue.type === 'sqlite' ? await openSqliteStore({ file: catalogue.file, ...own }) : await openMysqlStore({ server: catalogue, ...own })
}

/** The catalogue's database alone, beside a running service. @throws as {@link openStore} */
export async function openCatalogueDatabase({ catalogue }: Pick<Settings, 'catalogue'>): Promise<SqlDatabase> {
  return catalogue.type === 'sqlite' ? await openSqliteDatabase({ file: catalogue.file, schema: 'catalogue', readers: 'own' }) : await openMysqlDatabase(catalogue)
}
