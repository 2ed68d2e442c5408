import { readFile } from 'node:fs/promises'
import { isLoopback } from '../../config/leaves.ts'
import type { AmiSettings, PbxSettings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type AttachedSchema, keysFrom } from '../../core/domain/rules/attached-schema.ts'
import { type AmiFacts, readAmiFacts } from './ami-facts.ts'
import { type AriFacts, readAriFacts } from './ari-facts.ts'
import { type Check, checksOf } from './check.ts'
import { checkAmi } from './check-ami.ts'
import { checkAri } from './check-ari.ts'
import { checkDialplan } from './check-dialplan.ts'
import { checkSpool } from './check-spool.ts'
import { checkTransferFault, transferFaultOf } from './check-transfer-fault.ts'
import { readSpoolFacts, type SpoolFacts } from './spool-facts.ts'
import { findSystemUser, type SystemUser, userOf, usersRunning } from './system-users.ts'

/** Everything that can be told about one PBX. A link that does not work ends only what depends upon it. */
export async function examinePbx(pbx: PbxSettings, { attached, now }: { readonly attached: AttachedSchema; readonly now: Date }): Promise<readonly Check[]> {
  const ami = await attempt(`pbx ${pbx.id}: AMI`, async () => readAmiFacts({ ...pbx.ami, tls: await trustOf(pbx.ami) }), amiAdvice(pbx.ami))
  const ari = pbx.ari === null ? null : await attempt(`pbx ${pbx.id}: ARI`, readAriFacts.bind(null, pbx.ari), `Is Asterisk's HTTP server on ${pbx.ari.url}? http.conf: enabled = yes, bindaddr, bindport; ari.conf: enabled = yes`)
  const amiFacts = 'facts' in ami ? ami.facts : null
  const ariFacts = ari !== null && 'facts' in ari ? ari.facts : null
  return [
    ...('check' in ami ? [ami.check] : [...checkAmi(pbx.id, ami.facts), ...checkDialplan(pbx.id, ami.facts.dialplan, { attachedKeys: keysFrom(attached, 'dialplan'), sipHeaders: [...attached.headers].map(([header, key]) => `${header}:${key}`), recordingDirectory: pbx.recordingDirectory })]),
    ...(ari === null ? [] : 'check' in ari ? [ari.check] : checkAri(pbx.id, ari.facts, pbx.spool.type)),
    checkTransferFault(pbx, transferFaultOf({ version: amiFacts?.version ?? ariFacts?.version ?? null, buildOptions: ariFacts?.buildOptions ?? null })),
    ...(await examineSpool(pbx, { amiFacts, ariFacts, now })),
  ]
}

type Attempt<Facts> = { readonly facts: Facts } | { readonly check: Check }

async function attempt<Facts>(subject: string, read: () => Promise<Facts>, advice: string): Promise<Attempt<Facts>> {
  try {
    return { facts: await read() }
  } catch (error) {
    return { check: checksOf(subject).fail(messageOf(error), advice) }
  }
}

async function examineSpool({ id, spool, ami }: PbxSettings, { amiFacts, ariFacts, now }: { readonly amiFacts: AmiFacts | null; readonly ariFacts: AriFacts | null; readonly now: Date }): Promise<readonly Check[]> {
  if (spool.type === 'ari') return []
  const facts = await readSpoolFacts(spool.path, now)
  const runUser = amiFacts?.runUser ?? ariFacts?.runUser ?? null
  return checkSpool(id, facts, await pbxUserOf({ runUser, facts, near: isLoopback(ami.host) }))
}

/**
 * Whom Asterisk runs as: as it says, as its process shows, or as the owner of what it wrote, or of its spool. `null`: not known from here.
 * A user's name means something on its own machine only; numbers are what a shared disk shows.
 */
async function pbxUserOf({ runUser, facts, near }: { readonly runUser: string | null; readonly facts: SpoolFacts; readonly near: boolean }): Promise<SystemUser | null> {
  const told = runUser === null || !near ? null : await findSystemUser(runUser)
  if (told !== null) return told
  const running = near ? await usersRunning('asterisk') : []
  const spoolOwner = facts.root === null || facts.root.uid === 0 || facts.root.uid === process.geteuid?.() ? [] : [facts.root.uid]
  const [uid, ...others] = [running, facts.waiting.owners, spoolOwner].find((uids) => uids.length > 0) ?? []
  return uid === undefined || others.length > 0 ? null : await userOf(uid)
}

async function trustOf({ tls }: AmiSettings): Promise<{ readonly ca: string | null; readonly serverName: string | null } | null> {
  return tls === null ? null : { ca: tls.caFile === null ? null : await readFile(tls.caFile, 'utf8'), serverName: tls.serverName }
}

function amiAdvice({ host, port, tls }: AmiSettings): string {
  return `Is Asterisk running, and its manager interface on ${host}:${port}${tls === null ? '' : ' with TLS'}? manager.conf: enabled = yes, bindaddr, port. A refused login has one of three causes, which Asterisk does not tell apart: another secret, no permit for our address, no such user. \`holdfast pbx-config asterisk\` prints the section that fits; then \`manager reload\``
}

/** Node's connection errors carry their words in parts. */
function messageOf(error: unknown): string {
  if (isHoldfastError(error)) return error.message
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
