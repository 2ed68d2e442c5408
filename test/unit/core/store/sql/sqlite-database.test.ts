import { join } from 'node:path'
import { describe } from 'mocha'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { storeContracts } from '../../../../support/store-contracts.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

describe('on SQLite', () => {
  const directory = suiteDirectory()
  storeContracts('SQLite', () => openSqliteDatabase({ file: join(directory(), 'catalogue.sqlite'), schema: 'catalogue', readers: 'own' }))
})
