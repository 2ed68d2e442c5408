import { type Check, checksOf } from './check.ts'
import type { SpoolFacts } from './spool-facts.ts'
import { mayEnter, mayWrite, type SystemUser } from './system-users.ts'

const GIB = 1024 ** 3
/** Two lanes of 8 kHz, 16 bit. */
const BYTES_PER_CALL_HOUR = 2 * 16_000 * 3600
/** A full spool cuts recordings and Asterisk tells nobody (facts of Asterisk 22 §10). Guesses: a few and a few dozen hours of calls. */
const FAIL_BELOW_BYTES = 0.5 * GIB
const WARN_BELOW_BYTES = 5 * GIB
/** Ingest takes seconds after a call; calls end within a day. */
const WARN_AGE_MS = 24 * 3_600_000

/** What a spool directory shows. @param pbxUser - whom Asterisk runs as on this machine; `null`: not known from here */
export function checkSpool(pbxId: string, facts: SpoolFacts, pbxUser: SystemUser | null): readonly Check[] {
  const { fail } = checksOf(`pbx ${pbxId}: spool`)
  if (facts.root === null) return [fail('the spool directory is not there, or may not be entered', 'Check `spool.path`; it is `<astspooldir>/recording` of this PBX, or where its disk is mounted.')]
  return [checkOurs(pbxId, facts), checkTheirs(pbxId, facts, pbxUser), checkSpace(pbxId, facts), ...checkWaiting(pbxId, facts)]
}

/** Makes the folder that both may use: files inherit the group, and Asterisk's are readable by it. */
function makeFolder(path: string): string {
  return `install -d -o asterisk -g holdfast -m 2770 ${path}   (the PBX's user, and a group of ours)`
}

function checkOurs(pbxId: string, { refusal, path }: SpoolFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (refusal === null) return ok(`files in ${path} can be read and removed`)
  if (refusal === 'ENOENT') return fail(`${path} is not there: Asterisk would make it so that we may not remove files from it`, makeFolder(path))
  return fail(`files in ${path} cannot be made and removed by us: ${refusal}`, makeFolder(path))
}

function checkTheirs(pbxId: string, { root, folder, path }: SpoolFacts, pbxUser: SystemUser | null): Check {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (root === null || folder === null) return fail('whether Asterisk can write cannot be told before the folder is there', makeFolder(path))
  const modes = `${path} belongs to user ${folder.uid} and group ${folder.gid}, mode ${(folder.mode & 0o7777).toString(8)}`
  if (pbxUser === null) return warn(`whom Asterisk runs as is not known here, so whether it can write cannot be told: ${modes}`, `Compare with \`ps -o user,group -C asterisk\` on the PBX. ${makeFolder(path)}`)
  if (mayEnter(pbxUser, root) && mayWrite(pbxUser, folder)) return ok(`Asterisk's user (${pbxUser.uid}) can write into it`)
  return fail(`Asterisk's user (${pbxUser.uid}) cannot write into it, and the audio of every call is lost: ${modes}`, makeFolder(path))
}

function checkSpace(pbxId: string, { freeBytes, totalBytes }: SpoolFacts): Check {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  const told = `${(freeBytes / GIB).toFixed(1)} of ${(totalBytes / GIB).toFixed(1)} GiB free, ${Math.floor(freeBytes / BYTES_PER_CALL_HOUR)} hours of calls`
  const advice = 'When it is full, recordings are cut and Asterisk tells nobody: give the spool a file system of its own.'
  if (freeBytes < FAIL_BELOW_BYTES) return fail(told, advice)
  return freeBytes < WARN_BELOW_BYTES ? warn(told, advice) : ok(told)
}

function checkWaiting(pbxId: string, { waiting }: SpoolFacts): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (waiting.unreadable > 0) return [fail(`${waiting.unreadable} of ${waiting.files} files cannot be read by us`, 'The folder\'s group has to be one of ours, and set-group-ID be set on it (mode 2770).')]
  if (waiting.oldestAgeMs > WARN_AGE_MS) return [warn(`${waiting.files} files wait, the oldest for ${Math.floor(waiting.oldestAgeMs / 3_600_000)} hours`, 'Is the service running? Its log tells why a file is not taken.')]
  return waiting.files > 0 ? [ok(`${waiting.files} files wait to be taken, or are being written`)] : []
}
