import { readFile } from 'node:fs/promises'
import { isLoopback } from '../../config/leaves.ts'
import type { AmiSettings, PbxSettings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type AmiFacts, readAmiFacts } from './ami-facts.ts'
import { type AriFacts, readAriFacts } from './ari-facts.ts'
import { type Check, checksOf } from './check.ts'
import { checkAmi } from './check-ami.ts'
import { checkAri } from './check-ari.ts'
import { checkSpool } from './check-spool.ts'
import { checkTransferFault, transferFaultOf } from './check-transfer-fault.ts'
import { readSpoolFacts } from './spool-facts.ts'
import { findSystemUser } from './system-users.ts'

/** Everything that can be told about one PBX. A link that does not work ends only what depends upon it. */
export async function examinePbx(pbx: PbxSettings, now: Date): Promise<readonly Check[]> {
  const ami = await attempt(`pbx ${pbx.id}: AMI`, async () => readAmiFacts({ ...pbx.ami, tls: await trustOf(pbx.ami) }), amiAdvice(pbx.ami))
  const ari = pbx.ari === null ? null : await attempt(`pbx ${pbx.id}: ARI`, readAriFacts.bind(null, pbx.ari), `Is Asterisk's HTTP server on ${pbx.ari.url}? http.conf: enabled = yes, bindaddr, bindport; ari.conf: enabled = yes`)
  const amiFacts = 'facts' in ami ? ami.facts : null
  const ariFacts = ari !== null && 'facts' in ari ? ari.facts : null
  return [
    ...('check' in ami ? [ami.check] : checkAmi(pbx.id, ami.facts)),
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
  const runUser = amiFacts?.runUser ?? ariFacts?.runUser ?? null
  // A user's name means something on its own machine only.
  const pbxUser = runUser === null || !isLoopback(ami.host) ? null : await findSystemUser(runUser)
  return checkSpool(id, await readSpoolFacts(spool.path, now), pbxUser)
}

async function trustOf({ tls }: AmiSettings): Promise<{ readonly ca: string | null; readonly serverName: string | null } | null> {
  return tls === null ? null : { ca: tls.caFile === null ? null : await readFile(tls.caFile, 'utf8'), serverName: tls.serverName }
}

function amiAdvice({ host, port, tls }: AmiSettings): string {
  return `Is Asterisk running, and its manager interface on ${host}:${port}${tls === null ? '' : ' with TLS'}? manager.conf: enabled = yes, bindaddr, port. For a refused login: \`holdfast pbx-config asterisk\` prints the section that fits; then \`manager reload\``
}

/** Node's connection errors carry their words in parts. */
function messageOf(error: unknown): string {
  if (isHoldfastError(error)) return error.message
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
