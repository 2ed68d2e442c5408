import { readFile } from 'node:fs/promises'
import { isLoopback } from '../../config/leaves.ts'
import type { AmiSettings, AsteriskSettings } from '../../config/settings.ts'
import { type AttachedSchema, keysFrom } from '../../core/domain/rules/attached-schema.ts'
import { type AmiFacts, readAmiFacts } from './ami-facts.ts'
import { type AriFacts, readAriFacts } from './ari-facts.ts'
import { attempt } from './attempt.ts'
import type { Check } from './check.ts'
import { checkAmi } from './check-ami.ts'
import { checkAri } from './check-ari.ts'
import { checkDialplan } from './check-dialplan.ts'
import { checkPlainLink } from './check-plain-link.ts'
import { checkSpool, SPOOL_WRITERS } from './check-spool.ts'
import { checkTransferFault, transferFaultOf } from './check-transfer-fault.ts'
import { readSpoolFacts } from './spool-facts.ts'
import { pbxUserOf } from './pbx-user.ts'

/** Everything that can be told about one Asterisk. A link that does not work ends only what depends upon it. */
export async function examineAsterisk(pbx: AsteriskSettings, { attached, now }: { readonly attached: AttachedSchema; readonly now: Date }): Promise<readonly Check[]> {
  const ami = await attempt(`pbx ${pbx.id}: AMI`, async () => readAmiFacts({ ...pbx.ami, tls: await trustOf(pbx.ami) }), amiAdvice(pbx.ami))
  const ari = pbx.ari === null ? null : await attempt(`pbx ${pbx.id}: ARI`, readAriFacts.bind(null, pbx.ari), `Is Asterisk's HTTP server on ${pbx.ari.url}? http.conf: enabled = yes, bindaddr, bindport; ari.conf: enabled = yes`)
  const amiFacts = 'facts' in ami ? ami.facts : null
  const ariFacts = ari !== null && 'facts' in ari ? ari.facts : null
  return [
    ...checkPlainLink(`pbx ${pbx.id}: AMI`, { host: pbx.ami.host, encrypted: pbx.ami.tls !== null }),
    ...('check' in ami ? [ami.check] : [...checkAmi(pbx.id, ami.facts), ...checkDialplan(pbx.id, ami.facts.dialplan, { attachedKeys: keysFrom(attached, 'dialplan'), sipHeaders: [...attached.headers].map(([header, key]) => `${header}:${key}`), recordingDirectory: pbx.recordingDirectory })]),
    ...(ari === null ? [] : 'check' in ari ? [ari.check] : checkAri(pbx.id, ari.facts, pbx.spool.type)),
    checkTransferFault(pbx, transferFaultOf({ version: amiFacts?.version ?? ariFacts?.version ?? null, buildOptions: ariFacts?.buildOptions ?? null })),
    ...(await examineSpool(pbx, { amiFacts, ariFacts, now })),
  ]
}

async function examineSpool({ id, spool, ami }: AsteriskSettings, { amiFacts, ariFacts, now }: { readonly amiFacts: AmiFacts | null; readonly ariFacts: AriFacts | null; readonly now: Date }): Promise<readonly Check[]> {
  if (spool.type === 'ari') return []
  const facts = await readSpoolFacts(spool.path, now)
  const runUser = amiFacts?.runUser ?? ariFacts?.runUser ?? null
  return checkSpool(id, facts, { ...SPOOL_WRITERS.asterisk, user: await pbxUserOf({ runUser, program: SPOOL_WRITERS.asterisk.program, facts, near: isLoopback(ami.host) }) })
}

async function trustOf({ tls }: AmiSettings): Promise<{ readonly ca: string | null; readonly serverName: string | null } | null> {
  return tls === null ? null : { ca: tls.caFile === null ? null : await readFile(tls.caFile, 'utf8'), serverName: tls.serverName }
}

function amiAdvice({ host, port, tls }: AmiSettings): string {
  return `Is Asterisk running, and its manager interface on ${host}:${port}${tls === null ? '' : ' with TLS'}? manager.conf: enabled = yes, bindaddr, port. A refused login has one of three causes, which Asterisk does not tell apart: another secret, no permit for our address, no such user. \`holdfast pbx-config asterisk\` prints the section that fits; then \`manager reload\``
}
