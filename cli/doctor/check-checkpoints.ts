import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, isAbsolute, relative } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { fileCode, fileTrouble } from '../file-trouble.ts'
import { type Check, checksOf } from './check.ts'

const { ok, warn, fail } = checksOf('audit')
const ADVICE = 'Set `audit.checkpointFile` on a share that whoever administers this machine does not, `audit.syslog` or `audit.webhook` (docs/audit.md)'

/** Whether anything outside knows what the audit was: who owns this machine writes its chain, and the signatures of the chain, anew. */
export function checkCheckpoints({ audit: { checkpointFile, syslog, webhook }, dataDirectory }: { readonly audit: Pick<Settings['audit'], 'checkpointFile' | 'syslog' | 'webhook'>; readonly dataDirectory: string }): Check {
  const isBeside = checkpointFile !== null && isWithin(checkpointFile, dataDirectory)
  const outlets = [
    ...(checkpointFile === null || isBeside ? [] : [`the file ${checkpointFile}`]),
    ...(syslog === null ? [] : [`syslog (${syslog.transport})`]),
    ...(webhook === null ? [] : [`a webhook at ${webhook.url.host}`]),
  ]
  if (outlets.length > 0) return ok(`checkpoints go to ${outlets.join(', ')}`)
  if (isBeside) return warn(`checkpoints go to ${checkpointFile} alone, beside the audit: whoever changes one changes the other`, ADVICE)
  return warn('checkpoints go nowhere outside: whoever owns this machine could write the audit anew, and nobody could prove it', ADVICE)
}

/** Whether checkpoints can be written to the file that the settings name. Nothing is written: it is the auditor's. */
export async function checkCheckpointFile(file: string | null): Promise<readonly Check[]> {
  if (file === null) return []
  const folder = dirname(file)
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    await access(file, constants.W_OK).catch((error: unknown) => {
      if (fileCode(error) !== 'ENOENT') throw error
    })
    return []
  } catch (error) {
    if (fileCode(error) === 'ENOENT') return [warn(`${folder} is not there: the service makes it, on whatever disk that is`, 'Mount the share of the auditor before the service writes, or make the folder: what is written below an empty mount point stays on this machine.')]
    return [fail(`checkpoints cannot be written to ${file}: ${fileTrouble(error)}`, 'Let the user who serves write there. It is tried again until then, and nothing outside proves the audit.')]
  }
}

function isWithin(file: string, directory: string): boolean {
  const way = relative(directory, file)
  return !way.startsWith('..') && !isAbsolute(way)
}
