import { dirname } from 'node:path'
import type { PbxSettings } from '../../config/settings.ts'
import { type Check, checksOf } from './check.ts'
import type { SpoolFacts } from './spool-facts.ts'
import { mayEnter, mayWrite, type SystemUser } from './system-users.ts'

const GIB = 1024 ** 3
/** Two lanes of 8 kHz, 16 bit. */
const BYTES_PER_CALL_HOUR = 2 * 16_000 * 3600
/** A full spool cuts recordings, and no PBX tells anybody (facts of Asterisk 22 §10, of FreeSWITCH 1.10 §0.5). Guesses: a few and a few dozen hours of calls. */
const FAIL_BELOW_BYTES = 0.5 * GIB
const WARN_BELOW_BYTES = 5 * GIB
/** Ingest takes seconds after a call; calls end within a day. */
const WARN_AGE_MS = 24 * 3_600_000

/** Who writes into a spool. */
export interface SpoolWriter {
  /** Whom the PBX runs as on this machine; `null`: not known from here. */
  readonly user: SystemUser | null
  readonly name: string
  /** Its process, and its user as packages make it. */
  readonly program: string
  /** What its documents call the directory. */
  readonly root: string
}

export const SPOOL_WRITERS = {
  asterisk: { name: 'Asterisk', program: 'asterisk', root: '<astspooldir>/recording' },
  freeswitch: { name: 'FreeSWITCH', program: 'freeswitch', root: '${recordings_dir}' },
} as const satisfies Record<PbxSettings['type'], Omit<SpoolWriter, 'user'>>

/** What a spool directory shows. */
export function checkSpool(pbxId: string, facts: SpoolFacts, writer: SpoolWriter): readonly Check[] {
  const { fail } = checksOf(`pbx ${pbxId}: spool`)
  if (facts.root === null) return [fail(`the spool directory ${dirname(facts.path)} is not there, or may not be entered`, `Check \`spool.path\`; it is \`${writer.root}\` of this PBX, or where its disk is mounted.`)]
  return [checkOurs(pbxId, facts, writer), ...checkSeen(pbxId, facts, writer), checkTheirs(pbxId, facts, writer), checkSpace(pbxId, facts), ...checkWaiting(pbxId, facts)]
}

/** Makes the folder that both may use: files inherit the group, and the PBX's are readable by it. */
function makeFolder(path: string, { program }: SpoolWriter): string {
  return `install -d -o ${program} -g holdfast -m 2770 ${path}   (the PBX's user, and a group of ours)`
}

function checkSeen(pbxId: string, { seenByPbx, path }: SpoolFacts, { name }: SpoolWriter): readonly Check[] {
  const { ok, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (seenByPbx === null) return []
  return [seenByPbx
    ? ok(`${name} sees what lies in ${path}`)
    : fail(`${name} does not see a file that we made in ${path}: it records somewhere else, or may not enter`, 'Compare `recordingDirectory` (the folder as the PBX sees it) with `spool.path` (as we do), and the permissions of every folder above.')]
}

function checkOurs(pbxId: string, { refusal, path }: SpoolFacts, writer: SpoolWriter): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (refusal === null) return ok(`files in ${path} can be read and removed`)
  if (refusal === 'ENOENT') return fail(`${path} is not there: ${writer.name} would make it so that we may not remove files from it`, makeFolder(path, writer))
  return fail(`files in ${path} cannot be made and removed by us: ${refusal}`, makeFolder(path, writer))
}

function checkTheirs(pbxId: string, { root, folder, path }: SpoolFacts, writer: SpoolWriter): Check {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (root === null || folder === null) return fail(`whether ${writer.name} can write cannot be told before the folder is there`, makeFolder(path, writer))
  const modes = `${path} belongs to user ${folder.uid} and group ${folder.gid}, mode ${(folder.mode & 0o7777).toString(8)}`
  if (writer.user === null) return warn(`whom ${writer.name} runs as is not known here, so whether it can write cannot be told: ${modes}`, `Compare with \`ps -o user,group -C ${writer.program}\` on the PBX. ${makeFolder(path, writer)}`)
  if (mayEnter(writer.user, root) && mayWrite(writer.user, folder)) return ok(`${writer.name}'s user (${writer.user.uid}) can write into it`)
  return fail(`${writer.name}'s user (${writer.user.uid}) cannot write into it, and the audio of every call is lost: ${modes}`, makeFolder(path, writer))
}

function checkSpace(pbxId: string, { freeBytes, totalBytes }: SpoolFacts): Check {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  const told = `${(freeBytes / GIB).toFixed(1)} of ${(totalBytes / GIB).toFixed(1)} GiB free, ${Math.floor(freeBytes / BYTES_PER_CALL_HOUR)} hours of calls`
  const advice = 'When it is full, recordings are cut and the PBX tells nobody: give the spool a file system of its own.'
  if (freeBytes < FAIL_BELOW_BYTES) return fail(told, advice)
  return freeBytes < WARN_BELOW_BYTES ? warn(told, advice) : ok(told)
}

function checkWaiting(pbxId: string, { waiting }: SpoolFacts): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: spool`)
  if (waiting.unreadable > 0) return [fail(`${waiting.unreadable} of ${waiting.files} files cannot be read by us`, 'The folder\'s group has to be one of ours, and set-group-ID be set on it (mode 2770).')]
  if (waiting.oldestAgeMs > WARN_AGE_MS) return [warn(`${waiting.files} files wait, the oldest for ${Math.floor(waiting.oldestAgeMs / 3_600_000)} hours`, 'Is the service running? Its log tells why a file is not taken.')]
  return waiting.files > 0 ? [ok(`${waiting.files} files wait to be taken, or are being written`)] : []
}
