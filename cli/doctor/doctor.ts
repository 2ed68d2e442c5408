import type { Settings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { describeKeys } from '../keys/describe-keys.ts'
import { type Check, checksOf } from './check.ts'
import { checkKeys } from './check-keys.ts'
import { checkDataDirectory, checkPort } from './check-machine.ts'
import { examinePbx } from './examine-pbx.ts'

/**
 * Tries everything that a recording depends upon, and leaves nothing behind: a small file in the spool is made and removed,
 * a global variable of the PBX is set to the value that it has.
 */
export async function examine(settings: Settings, now: Date): Promise<readonly Check[]> {
  const pbxs = await Promise.all(settings.pbxs.map((pbx) => examinePbx(pbx, now)))
  return [
    ...pbxs.flat(),
    ...(await examineKeys(settings)),
    ...(await checkDataDirectory(settings.dataDirectory)),
    await checkPort(settings.http),
  ]
}

async function examineKeys(settings: Settings): Promise<readonly Check[]> {
  try {
    return checkKeys(await describeKeys(settings))
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return [checksOf('keys').fail(error.message, '`holdfast keys show` lists which files are read')]
  }
}
