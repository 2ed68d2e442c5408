import { verdictOf } from '../../core/domain/key-check.ts'
import type { KeyReport } from '../keys/describe-keys.ts'
import { type KeyStanding, openedBy } from '../keys/key-standing.ts'
import { type Check, checksOf } from './check.ts'

const { ok, warn, fail } = checksOf('keys')
const DAY_MS = 86_400_000

/** What the keys mean for recordings that are stored, and whether anybody has ever tried the backups. */
export function checkKeyStanding({ recipients, identityFiles }: KeyReport, { sets, checks }: KeyStanding, { now, everyDays }: { readonly now: Date; readonly everyDays: number }): readonly Check[] {
  if (sets.length === 0) return []
  const current = recipients.filter(({ standing }) => standing === 'current')
  const untried = current.flatMap(({ recipient, name, purpose }) => {
    const who = `${purpose} recipient ${name ?? recipient}`
    const how = `\`holdfast keys check FILE\`, with the copy of its identity${purpose === 'escrow' ? ', where that lies' : ''} (docs/keys.md)`
    const last = checks.find((check) => check.recipient === recipient)
    if (openedBy(sets, recipient) === 0) return []
    if (last === undefined || verdictOf(last) === 'nothing-tried') return [warn(`${who}: its backup was never tried`, how)]
    const days = Math.floor((now.getTime() - last.checkedAt.getTime()) / DAY_MS)
    if (verdictOf(last) === 'failed') return [fail(`${who}: when its backup was last tried, ${days} days ago, it did not open ${last.failed} of ${last.sampled} recordings`, how)]
    return days > everyDays ? [warn(`${who}: its backup was last tried ${days} days ago`, how)] : []
  })
  return [...untried, ...(untried.length === 0 ? [ok('the backup of every recipient was tried')] : []), ...checkUnopened({ recipients, identityFiles }, sets), ...checkRetired({ recipients, identityFiles }, sets)]
}

/** Only where playing back is meant, and every file is open: else nothing is known. */
function checkUnopened({ identityFiles }: KeyReport, sets: KeyStanding['sets']): readonly Check[] {
  if (identityFiles.length === 0 || identityFiles.some(({ readable }) => readable !== 'yes')) return []
  const here = new Set(identityFiles.flatMap(({ recipients }) => recipients))
  return sets.filter((set) => !set.recipients.some((recipient) => here.has(recipient)))
    .map((set) => warn(`no identity here opens ${set.recordings} recordings: they are sealed to ${set.recipients.map(shortened).join(', ')}`, 'Name the identity of one of these in `keys.identityFiles`. Where all are lost, so are these recordings.'))
}

function checkRetired({ recipients }: KeyReport, sets: KeyStanding['sets']): readonly Check[] {
  return recipients.filter(({ standing, recipient }) => standing === 'retired' && openedBy(sets, recipient) > 0)
    .map(({ name, recipient }) => warn(`the retired recipient ${name ?? shortened(recipient)} still opens ${openedBy(sets, recipient)} recordings`, '`holdfast keys rotate` seals them to the others alone (docs/keys.md)'))
}

/** Enough to tell one from another; the whole stands in `holdfast keys`. */
function shortened(recipient: string): string {
  return `${recipient.slice(0, 16)}…`
}
