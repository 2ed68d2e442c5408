import { isAbsolute, relative } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { type Check, checksOf } from './check.ts'

const { ok, warn } = checksOf('audit')
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

function isWithin(file: string, directory: string): boolean {
  const way = relative(directory, file)
  return !way.startsWith('..') && !isAbsolute(way)
}
