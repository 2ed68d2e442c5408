import { parseNodeName, parsePbxId } from '../core/domain/ids.ts'
import { across, existingFile, host, isLoopback, isMap, list, listeningPort, type Loose, parsed, secretFile, secretText, section, type Tell } from './leaves.ts'
import { hostOf, httpUrl, urlOf } from './pbx-settings.ts'
import { oneSecret } from './secrets.ts'

/** As much as the HMAC has of its own. Source: RFC 2104 §3 */
export const LEAST_SECRET = 32
const PBX_ID = '1 to 32 of a-z 0-9 -, beginning with a letter or digit'
const secret = secretText.meta({ secret: true })

const peer = section({
  name: parsed(PBX_ID, parseNodeName).describe('Its `node.name`.'),
  url: httpUrl().describe('Where it listens to other nodes: scheme, host and port.'),
  pbxs: list(parsed(PBX_ID, parsePbxId), 'a list of at least one PBX').min(1).describe('The ids of its PBXs: they are named where it does not confirm a pause.'),
  caFile: existingFile.nullable().default(null).describe('Certificate authority of an https URL; null: those of the system.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which http without TLS may go. Orders are signed; ids of interactions, and names of who paused, can be read on the way.'),
}).check(across((value, tell) => {
  const url = urlOf(value['url'])
  if (url?.protocol === 'http:' && !isLoopback(hostOf(url)) && value['allowPlaintextTo'] !== hostOf(url)) {
    tell(['url'], `http to the remote host ${hostOf(url)} is refused: use https, or name the host in \`allowPlaintextTo\``)
  }
}))

/** Other capture nodes. */
export const nodesSchema = section({
  host: host.default('127.0.0.1').describe('Address on which orders of other nodes are taken. Let no one but them reach it.'),
  port: listeningPort.default(8481).describe('Its port.'),
  tls: section({
    certFile: existingFile.describe('Certificate chain, PEM.'),
    keyFile: existingFile.describe('Its private key, PEM.'),
  }).nullable().default(null).describe('TLS; null: plain HTTP, for loopback or a tunnel.'),
  allowPlaintextOn: host.nullable().default(null).describe('Names the address, other than loopback, on which plain HTTP may be taken: one that only a tunnel reaches.'),
  secret: secret.optional().describe(`What all nodes share, ${LEAST_SECRET} characters at least: whoever has it can silence every recording. Better given by \`secretFile\` or the environment.`),
  secretFile: secretFile.optional().describe('A file that holds the secret and nothing else.'),
  peers: list(peer, 'a list of other nodes').min(1).describe('All other nodes: each node names each other one.'),
}).check(across((value, tell) => {
  oneSecret(value, 'secret', tell)
  if (typeof value['secret'] === 'string' && value['secret'].length < LEAST_SECRET) tell(['secret'], `is shorter than ${LEAST_SECRET} characters: make one with \`openssl rand -base64 32\``)
  const on = value['host']
  if (value['tls'] === null && typeof on === 'string' && !isLoopback(on) && value['allowPlaintextOn'] !== on) {
    tell(['tls'], `plain HTTP on ${on} is refused: set \`tls\`, or name the address in \`allowPlaintextOn\``)
  }
}))

/** Nodes and PBXs have one name each, over all nodes. */
export function checkNodes({ nodes, node, pbxs }: Loose, tell: Tell): void {
  if (!isMap(nodes) || !Array.isArray(nodes['peers'])) return
  const names = new Set<unknown>([isMap(node) ? node['name'] : undefined])
  const ids = new Set<unknown>(Array.isArray(pbxs) ? pbxs.map((pbx: unknown) => isMap(pbx) ? pbx['id'] : undefined) : [])
  for (const [index, each] of (nodes['peers'] as readonly unknown[]).entries()) {
    if (!isMap(each)) continue
    if (typeof each['name'] === 'string' && names.has(each['name'])) tell(['nodes', 'peers', index, 'name'], `"${each['name']}" is taken already: each node has a name of its own`)
    names.add(each['name'])
    for (const [place, id] of (Array.isArray(each['pbxs']) ? each['pbxs'] as readonly unknown[] : []).entries()) {
      if (typeof id === 'string' && ids.has(id)) tell(['nodes', 'peers', index, 'pbxs', place], `"${id}" is taken already: a PBX belongs to one node`)
      ids.add(id)
    }
  }
}
