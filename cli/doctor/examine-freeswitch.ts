import { posix } from 'node:path'
import { SPOOL_FOLDER } from '../../adapters/wire/spool-file-name.ts'
import { isLoopback } from '../../config/leaves.ts'
import type { EslSettings, FreeSwitchSettings } from '../../config/settings.ts'
import { attempt } from './attempt.ts'
import type { Check } from './check.ts'
import { checkPlainLink } from './check-plain-link.ts'
import { checkSpool, SPOOL_WRITERS } from './check-spool.ts'
import { checkEventSocket } from './freeswitch/check-event-socket.ts'
import { checkFreeSwitch } from './freeswitch/check-freeswitch.ts'
import { checkFreeSwitchDialplan } from './freeswitch/check-freeswitch-dialplan.ts'
import { checkMedia } from './freeswitch/check-media.ts'
import { readFreeSwitchFacts, seesFile } from './freeswitch/freeswitch-facts.ts'
import { reachEventSocket } from './freeswitch/reach-event-socket.ts'
import { pbxUserOf } from './pbx-user.ts'
import { readSpoolFacts } from './spool-facts.ts'

/** Everything that can be told about one FreeSWITCH. */
export async function examineFreeSwitch(pbx: FreeSwitchSettings, { now }: { readonly now: Date }): Promise<readonly Check[]> {
  const { id, esl } = pbx
  const link = await attempt(`pbx ${id}: ESL`, () => readFreeSwitchFacts(esl), eslAdvice(esl))
  const reached = isLoopback(esl.host) ? await reachEventSocket(esl.port) : []
  return [
    ...checkPlainLink(`pbx ${id}: ESL`, { host: esl.host, encrypted: false }),
    ...('check' in link ? [link.check] : [...checkFreeSwitch(id, link.facts), ...checkEventSocket(id, link.facts.eventSocket, reached), ...checkFreeSwitchDialplan(id, link.facts, pbx.recordingDirectory), ...checkMedia(pbx, link.facts)]),
    ...(await examineSpool(pbx, { linked: 'facts' in link, now })),
  ]
}

async function examineSpool({ id, esl, spool, recordingDirectory }: FreeSwitchSettings, { linked, now }: { readonly linked: boolean; readonly now: Date }): Promise<readonly Check[]> {
  const asked = linked ? (name: string) => seesFile(esl, posix.join(recordingDirectory, SPOOL_FOLDER, name)) : null
  const facts = await readSpoolFacts(spool.path, now, asked)
  const writer = SPOOL_WRITERS.freeswitch
  return checkSpool(id, facts, { ...writer, user: await pbxUserOf({ runUser: null, program: writer.program, facts, near: isLoopback(esl.host) }) })
}

function eslAdvice({ host, port }: EslSettings): string {
  return `Is FreeSWITCH running, and its event socket on ${host}:${port}? modules.conf.xml: mod_event_socket; event_socket.conf.xml: listen-ip, listen-port, password, apply-inbound-acl; then \`reload mod_event_socket\`. A link that is cut at once, or answered by "Access Denied", is refused by the access list; "invalid" is another password`
}
