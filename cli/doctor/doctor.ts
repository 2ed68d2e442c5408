import type { Settings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { runAs } from '../data-owner.ts'
import { describeKeys } from '../keys/describe-keys.ts'
import { keyStanding } from '../keys/key-standing.ts'
import { ProcessLock, serviceLockOf } from '../process-lock.ts'
import { type Check, checksOf } from './check.ts'
import { checkArchive } from './check-archive.ts'
import { checkCatalogue } from './check-catalogue.ts'
import { checkCheckpointFile, checkCheckpoints } from './check-checkpoints.ts'
import { checkKeyStanding } from './check-key-standing.ts'
import { checkKeys } from './check-keys.ts'
import { checkDataDirectory, checkPort } from './check-machine.ts'
import { checkPolicy } from './check-policy.ts'
import { checkRetention } from './check-retention.ts'
import { checkSecrets } from './check-secrets.ts'
import { examinePbx } from './examine-pbx.ts'

/**
 * Tries everything that a recording depends upon, and leaves nothing behind: a small file in the spool is made and removed,
 * a global variable of the PBX that has a value is set to that value.
 */
export async function examine(settings: Settings, { settingsFile, now }: { readonly settingsFile: string; readonly now: Date }): Promise<readonly Check[]> {
  const pbxs = await Promise.all(settings.pbxs.map((pbx) => examinePbx(pbx, { attached: settings.attached, now })))
  const catalogue = await checkCatalogue(settings, () => new Date())
  return [
    ...pbxs.flat(),
    ...checkPolicy(settings),
    ...checkRetention(settings),
    ...(await checkSecrets(settingsFile)),
    ...catalogue.checks,
    ...(await examineKeys(settings, { now, hasCatalogue: catalogue.found })),
    checkCheckpoints(settings),
    ...(await checkCheckpointFile(settings.audit.checkpointFile)),
    ...(await checkArchive(settings)),
    ...(await checkDataDirectory(settings.dataDirectory)),
    await checkPort(settings.http, ProcessLock.holder(serviceLockOf(settings.dataDirectory))),
    ...checkRights(settings.dataDirectory),
  ]
}

/** Root may do everything: what it tries says nothing of what the service may. */
function checkRights(dataDirectory: string): readonly Check[] {
  const instead = runAs(dataDirectory)
  return instead === null ? [] : [checksOf('rights').warn(`all of this was tried with the rights of root, and not with those of ${instead.user}, who serves`, `${instead.command} holdfast doctor`)]
}

async function examineKeys(settings: Settings, { now, hasCatalogue }: { readonly now: Date; readonly hasCatalogue: boolean }): Promise<readonly Check[]> {
  try {
    const report = await describeKeys(settings)
    const standing = hasCatalogue && runAs(settings.dataDirectory) === null ? await keyStanding(settings) : null
    return [...checkKeys(report), ...(standing === null ? [] : checkKeyStanding(report, standing, { now, everyDays: settings.keys.checkEveryDays }))]
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return [checksOf('keys').fail(error.message, '`holdfast keys show` lists which files are read')]
  }
}
