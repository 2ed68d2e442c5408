import { join } from 'node:path'
import { describe } from 'mocha'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { recordingRepositoryContract } from '../../../../contract/recording-repository.contract.ts'
import { recordingSearchContract } from '../../../../contract/recording-search.contract.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'
import { sharedCatalogue } from '../../../../support/shared-catalogue.ts'

describe('on SQLite', () => {
  const directory = suiteDirectory()
  const shared = sharedCatalogue(() => openSqliteDatabase({ file: join(directory(), 'catalogue.sqlite'), schema: 'catalogue', readers: 'own' }))
  recordingRepositoryContract('SqlRecordingRepository', shared.open)
  recordingSearchContract('SqlRecordingRepository', shared.open)
})
