import { isLoopback } from '../../../config/leaves.ts'
import { type Check, checksOf } from '../check.ts'
import type { EventSocketFacts } from './freeswitch-facts.ts'
import type { Reached } from './reach-event-socket.ts'

const RELOAD = 'then `reload mod_event_socket` (links of before go on until they end)'

/** Who could get at the event socket: whoever does owns the PBX's machine as FreeSWITCH's user. @param reached - the other addresses of this machine, tried */
export function checkEventSocket(pbxId: string, facts: EventSocketFacts | null, reached: readonly Reached[]): readonly Check[] {
  const { warn } = checksOf(`pbx ${pbxId}: event socket`)
  if (facts === null) {
    return [warn('event_socket.conf cannot be asked (is it served by mod_xml_curl?): password, address and access list were not looked at', 'Look yourself: a password other than ClueCon, listen-ip 127.0.0.1, apply-inbound-acl with the addresses that need it.'), ...checkReached(pbxId, reached)]
  }
  return [checkPassword(pbxId, facts), ...checkAddress(pbxId, facts), ...checkReached(pbxId, reached)]
}

function checkPassword(pbxId: string, { password }: EventSocketFacts): Check {
  const { ok, fail } = checksOf(`pbx ${pbxId}: event socket`)
  return password === 'own'
    ? ok('its password is not the one that every FreeSWITCH comes with')
    : fail('its password is ClueCon, which every FreeSWITCH comes with and every attacker tries first', `\`openssl rand -hex 24\` makes another: into event_socket.conf.xml and \`esl.passwordFile\`; ${RELOAD}`)
}

function checkAddress(pbxId: string, { listenIp, accessLists }: EventSocketFacts): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: event socket`)
  const open = accessLists.filter(({ letsIn }) => letsIn === 'strangers').map(({ name }) => name)
  const names = accessLists.map(({ name }) => name).join(', ')
  if (isLoopback(listenIp)) {
    return [open.length === 0
      ? ok(`it listens on ${listenIp} alone; access list ${names}`)
      : warn(`it listens on ${listenIp} alone, but its access list ${open.join(', ')} lets every address in: nothing is left when the address is changed`, `apply-inbound-acl = loopback.auto in event_socket.conf.xml; ${RELOAD}`)]
  }
  if (open.length > 0) return [fail(`it listens on ${listenIp}, and its access list ${open.join(', ')} lets every address in: the password, which crosses the network in clear, is all that guards the PBX`, `listen-ip = 127.0.0.1, or an access list with the addresses that need it alone (apply-inbound-acl); ${RELOAD}. docs/freeswitch.md shows tunnels`)]
  return [warn(`it listens on ${listenIp}, which other machines reach; only the access list ${names} keeps them out`, `listen-ip = 127.0.0.1 in event_socket.conf.xml, where Holdfast or the tunnel's end is on the same machine; ${RELOAD}. Where the address is that of a tunnel, as WireGuard's, leave it`)]
}

/** What was tried goes before what is written: a changed file takes effect when the module is loaded anew. */
function checkReached(pbxId: string, reached: readonly Reached[]): readonly Check[] {
  const { ok, warn, fail } = checksOf(`pbx ${pbxId}: event socket`)
  const greeting = reached.filter(({ answer }) => answer === 'greets').map(({ address }) => address)
  const refusing = reached.filter(({ answer }) => answer === 'refuses').map(({ address }) => address)
  const advice = `listen-ip = 127.0.0.1 in event_socket.conf.xml; ${RELOAD}. A firewall in front of it helps, too`
  if (greeting.length > 0) return [fail(`tried: it asks for the password also on ${greeting.join(', ')}, so that other machines may try theirs`, advice)]
  if (refusing.length > 0) return [warn(`tried: it answers also on ${refusing.join(', ')}, and refuses us there by its access list`, advice)]
  return reached.length === 0 ? [] : [ok(`tried: it does not answer on ${reached.map(({ address }) => address).join(', ')}`)]
}
