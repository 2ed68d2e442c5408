import { z } from 'zod'
import { parsePbxId } from '../core/domain/ids.ts'
import { WANTED_FORMATS } from '../core/domain/media.ts'
import { compileGlob, MAX_GLOB_SYMBOLS } from '../core/domain/rules/glob.ts'
import { across, existingFile, host, isLoopback, isMap, list, type Loose, oneOf, parsed, path, pbxPath, port, secretFile, secretText, section, type Tell, text } from './leaves.ts'
import { unwrap } from './schema-walk.ts'
import { oneSecret } from './secrets.ts'

/** What ARI calls stored recordings, in Debian's layout; ours lie in `holdfast` below it. Source: Asterisk 22 asterisk.conf `astspooldir`, `<astspooldir>/recording`. */
const DEBIAN_RECORDING_DIRECTORY = '/var/spool/asterisk/recording'

/** Longer than any endpoint's name. Source: Asterisk 22 include/asterisk/channel.h, AST_CHANNEL_NAME */
const MAX_ENDPOINT = 80

const tls = section({
  caFile: existingFile.nullable().default(null).describe('Certificate authority that the server\'s certificate is checked with; null: those of the system.'),
  serverName: host.nullable().default(null).describe('Name that the certificate must carry, where it differs from the host.'),
})

const ami = section({
  host: host.default('127.0.0.1').describe('Where Asterisk\'s manager interface listens.'),
  port: port.default(5038).describe('Its port: `port` of manager.conf, or `tlsbindaddr`\'s.'),
  username: text.describe('A user of manager.conf. `holdfast pbx-config asterisk` prints the section with the least rights.'),
  secret: secretText.optional().describe('Its secret. Better given by `secretFile` or the environment.'),
  secretFile: secretFile.optional().describe('A file that holds the secret and nothing else.'),
  tls: tls.nullable().default(null).describe('TLS, as `tlsenable` of manager.conf; null: plain TCP, for loopback.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which this link may go without TLS. Whoever hears the link can take over the PBX.'),
}).check(across((value, tell) => {
  oneSecret(value, 'secret', tell)
  refusePlaintext(value, tell)
}))

const ari = section({
  url: httpUrl().describe('Asterisk\'s HTTP server, without a path: `http.conf`\'s prefix is not supported by the driver.'),
  username: text.describe('A user of ari.conf.'),
  password: secretText.optional().describe('Its password. Better given by `passwordFile` or the environment.'),
  passwordFile: secretFile.optional().describe('A file that holds the password and nothing else.'),
  caFile: existingFile.nullable().default(null).describe('Certificate authority of an https URL; null: those of the system.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which http without TLS may go. Recordings of a remote spool travel here.'),
}).check(across((value, tell) => {
  oneSecret(value, 'password', tell)
  const url = urlOf(value['url'])
  if (url?.protocol === 'http:' && !isLoopback(hostOf(url)) && value['allowPlaintextTo'] !== hostOf(url)) {
    tell(['url'], `http to the remote host ${hostOf(url)} is refused: use https, or name the host in \`allowPlaintextTo\``)
  }
}))

const spool = z.discriminatedUnion('type', [
  section({
    type: z.literal('directory').describe('A directory that the PBX and Holdfast share.'),
    path: path.describe('Asterisk\'s `<astspooldir>/recording` as Holdfast sees it; recordings lie in `holdfast` below it. The only place where plaintext lies, and briefly.'),
  }),
  section({
    type: z.literal('ari').describe('No shared disk: files are fetched from, and deleted at, the PBX by ARI.'),
  }),
], { error: 'directory, ari' })

const WILDCARDS = '* is any run of characters, ? one'
export const ENDPOINT = `such as PJSIP/carrier; ${WILDCARDS}`
export const endpointGlob = endpointLike(/^[^/]+\/.+$/, ENDPOINT)

/** A name that no leg of this PBX can have would match nothing, silently. How FreeSWITCH's are made: adapters/freeswitch/channel-of.ts */
const ASTERISK_TRUNK = { shape: /^(?!(?:sofia|gateway|user)\/)[^/]+\/.+$/, allowed: `such as PJSIP/carrier; ${WILDCARDS}` }
const FREESWITCH_TRUNK = { shape: /^(?!(?:sofia|PJSIP)\/)[^/]+\/.+$/, allowed: `such as gateway/carrier, user/200@example.org or external/*, without sofia/ (docs/freeswitch.md); ${WILDCARDS}` }

function endpointLike(shape: RegExp, allowed: string): z.ZodString {
  return z.string({ error: allowed }).regex(shape, allowed).max(MAX_ENDPOINT).refine((pattern) => compileGlob(pattern).symbols <= MAX_GLOB_SYMBOLS).meta({ allowed })
}

/** The trunks of one kind of PBX. */
function trunksLike({ shape, allowed }: { readonly shape: RegExp; readonly allowed: string }) {
  const listed = () => list(endpointLike(shape, allowed), `a list of endpoints: ${allowed}`).nullable().default(null)
  return {
    trunks: listed().describe('Endpoints over which calls go to and come from the outside: all others are telephones of the company. It tells who is the customer of a call whose route does not ask for a recording, and of everybody in a conference. null: only the telephones that rules name as `extension` are ours.'),
    trustedTrunks: listed().describe('Endpoints behind which there are PBXs of yours: the SIP header X-Interaction-ID of a call that comes over one of them says to which interaction it belongs (docs/sites.md). From anywhere else it is kept as data, whatever the route says. null: the word of the route decides, `interaction=trust` of the dialplan.'),
  }
}

/** What every kind of PBX has. */
const common = {
  id: parsed('1 to 32 of a-z 0-9 -, beginning with a letter or digit', parsePbxId).describe('Names the PBX in ids, file names, logs and labels. Never change it while it has recordings in the spool.'),
  site: text.nullable().default(null).describe('Where it stands, for people who search.'),
  store: text.nullable().default(null).describe('In which of `stores` its sealed recordings lie; null: in `objects`.'),
  spoolFormat: oneOf(['wav', 'wav16']).default('wav').describe('What the PBX writes: WAV with 8 kHz, or with 16 kHz for wideband calls (twice the space).'),
  mediaFormat: oneOf(WANTED_FORMATS).default('wav').describe('How sealed recordings are stored. wav: 16-bit PCM; g711: G.711 in half the space wherever every sample came from G.711, else 16-bit PCM, and never with `spoolFormat: wav16`; flac: compressed without loss, whatever it came in (docs/formats.md).'),
}

const asterisk = section({
  id: common.id,
  type: z.literal('asterisk', { error: 'asterisk' }).describe('What kind of PBX it is.'),
  site: common.site,
  store: common.store,
  ami: ami.describe('The manager interface: call events in, commands out.'),
  ari: ari.nullable().default(null).describe('The REST interface: information, and the spool of a PBX without a shared disk. null: not used.'),
  spool: spool.describe('How Holdfast gets at the files that the PBX writes.'),
  recordingDirectory: pbxPath.optional().meta({
    description: 'The same folder as the PBX sees it: `<astspooldir>/recording`. ARI serves what lies there, and nothing else.',
    defaultText: `the spool's path; ${DEBIAN_RECORDING_DIRECTORY} for an ARI spool`,
  }),
  spoolFormat: common.spoolFormat,
  mediaFormat: common.mediaFormat,
  transferFault: oneOf(['auto', 'segment', 'ignore']).default('auto').describe('Debian\'s Asterisk 22 loses the new party\'s voice when a recorder lives through a transfer. segment: stop it when the other party leaves, start it 25 ms later; ignore: let it live; auto: segment, on every Asterisk, until builds can be told apart.'),
  ...trunksLike(ASTERISK_TRUNK),
}).check(across((value, tell) => {
  checkSpool(value, tell)
  checkFormats(value, tell)
}))

const esl = section({
  host: host.default('127.0.0.1').describe('Where FreeSWITCH\'s event socket listens, or the near end of the tunnel to it. It knows no TLS.'),
  port: port.default(8021).describe('Its port: `listen-port` of event_socket.conf.xml.'),
  password: secretText.optional().describe('Its password. Better given by `passwordFile` or the environment.'),
  passwordFile: secretFile.optional().describe('A file that holds the password and nothing else.'),
  allowPlaintextTo: host.nullable().default(null).describe('Names the one remote host to which this link may go: one that is reached through WireGuard or its like (docs/freeswitch.md). Whoever hears the link can take over the PBX.'),
}).check(across((value, tell) => {
  oneSecret(value, 'password', tell)
  refuseRemoteEventSocket(value, tell)
}))

const MOUNTED = 'directory: FreeSWITCH serves no files, so the spool of one on another machine has to be mounted here'
const mountedSpool = z.discriminatedUnion('type', [
  section({
    type: z.literal('directory').describe('A directory that the PBX and Holdfast share; of a PBX on another machine, one that is mounted.'),
    path: path.describe('FreeSWITCH\'s recordings directory as Holdfast sees it; ours lie in `holdfast` below it. The only place where plaintext lies, and briefly.'),
  }),
], { error: MOUNTED })

const freeswitch = section({
  id: common.id,
  type: z.literal('freeswitch', { error: 'freeswitch' }).describe('What kind of PBX it is.'),
  site: common.site,
  store: common.store,
  esl: esl.describe('The event socket: call events in, commands out.'),
  spool: mountedSpool.describe('How Holdfast gets at the files that the PBX writes.'),
  recordingDirectory: pbxPath.optional().meta({ description: 'The same folder as the PBX sees it: `${recordings_dir}`.', defaultText: 'the spool\'s path' }),
  spoolFormat: common.spoolFormat,
  mediaFormat: common.mediaFormat,
  ...trunksLike(FREESWITCH_TRUNK),
}).check(across((value, tell) => checkFormats(value, tell)))

/** Every kind of PBX; `type` tells them apart. */
export const pbxSchema = z.discriminatedUnion('type', [asterisk, freeswitch], { error: 'asterisk, freeswitch' })
export type PbxFile = z.output<typeof pbxSchema>
export type AsteriskFile = z.output<typeof asterisk>
export type FreeSwitchFile = z.output<typeof freeswitch>

/** The recorder's folder as the PBX sees it. */
export function recordingDirectoryOf({ recordingDirectory, spool }: { readonly recordingDirectory?: string | undefined } & { readonly spool: { readonly type: 'directory'; readonly path: string } | { readonly type: 'ari' } }): string {
  return recordingDirectory ?? (spool.type === 'directory' ? spool.path : DEBIAN_RECORDING_DIRECTORY)
}

/** What must hold of the folder that was worked out, once relative paths are absolute. */
export function faultOfRecordingDirectory(directory: string): string | null {
  return pbxPath.safeParse(directory).success ? null : `${directory} cannot be sent to the PBX: give \`recordingDirectory\`, ${unwrap(pbxPath).meta.allowed ?? ''}`
}

/** A plain link is refused to any host but this machine and the one that the operator named. */
function refusePlaintext(link: Loose, tell: Tell): void {
  const to = link['host']
  if (link['tls'] !== null || typeof to !== 'string' || isLoopback(to) || link['allowPlaintextTo'] === to) return
  tell(['tls'], `a link without TLS to the remote host ${to} is refused: set \`tls\`, or name the host in \`allowPlaintextTo\``)
}

/** Through a tunnel the link begins on this machine, or ends at a host that the operator named. */
function refuseRemoteEventSocket(link: Loose, tell: Tell): void {
  const to = link['host']
  if (typeof to !== 'string' || isLoopback(to) || link['allowPlaintextTo'] === to) return
  tell(['host'], `a link to the remote host ${to} is refused, for the event socket knows no TLS: lead it through stunnel or ssh and name the tunnel's end on this machine, or, where all traffic to that host is encrypted as by WireGuard, name the host in \`allowPlaintextTo\` (docs/freeswitch.md)`)
}

function checkSpool(pbx: Loose, tell: Tell): void {
  const spool = pbx['spool']
  const kind = isMap(spool) ? spool['type'] : undefined
  if (kind === 'ari' && pbx['ari'] === null) tell(['ari'], 'is missing: a spool of type `ari` needs it')
  const directory = pbx['recordingDirectory']
  if (kind === 'ari' && typeof directory === 'string' && !/\/recording\/?$/.test(directory)) {
    tell(['recordingDirectory'], `${directory} is not a directory \`recording\`: ARI serves \`<astspooldir>/recording\` and nothing else`)
  }
}

/** What cannot be would be PCM always, and nobody would be told. */
function checkFormats(pbx: Loose, tell: Tell): void {
  if (pbx['mediaFormat'] === 'g711' && pbx['spoolFormat'] === 'wav16') tell(['mediaFormat'], 'g711 cannot hold 16 kHz: use `spoolFormat: wav`, or `mediaFormat: wav`')
}

export function httpUrl(): z.ZodString {
  const allowed = 'http://HOST:PORT or https://HOST:PORT, without path, user or password'
  return z.string({ error: allowed }).max(512).refine((value) => urlOf(value) !== null).meta({ allowed })
}

export function urlOf(value: unknown): URL | null {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null
  const bare = url.username === '' && url.password === '' && url.pathname === '/' && url.search === '' && url.hash === ''
  return bare && url.hostname !== '' ? url : null
}

/** URLs write IPv6 addresses in brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}
