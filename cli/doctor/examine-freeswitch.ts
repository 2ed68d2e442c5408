import { posix } from 'node:path'
import { SPOOL_FOLDER } from '../../adapters/wire/spool-file-name.ts'
import { isLoopback } from '../../config/leaves.ts'
import type { EslSettings, FreeSwitchSettings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
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
  const link = await attempt(`pbx ${id}: ESL`, () => readFreeSwitchFacts(esl), (error) => eslAdvice(esl, error))
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

/** What to do when the link does not come up: each refusal has its own cause. */
function eslAdvice({ host, port }: EslSettings, error: unknown): string {
  const refused = isHoldfastError(error, 'PBX_REFUSED') ? error.details['command'] : null
  if (refused === 'auth') return 'The same password has to stand in event_socket.conf.xml and in `esl.passwordFile` (or the environment, which goes before it); after a change there, `reload mod_event_socket`: `reloadxml` alone keeps the old one.'
  if (refused === 'connect') return 'Let this machine\'s address into the list that `apply-inbound-acl` of event_socket.conf.xml names: loopback.auto where Holdfast runs beside it. `holdfast pbx-config freeswitch` prints both; then `reloadacl` and `reload mod_event_socket`.'
  return `Is FreeSWITCH running, and its event socket on ${host}:${port}? modules.conf.xml has to load mod_event_socket, and event_socket.conf.xml to have this listen-ip and listen-port; then \`reload mod_event_socket\`. A link that is cut at once is refused by the access list, apply-inbound-acl.`
}
