import type { z } from 'zod'
import { parseNodeName } from '../core/domain/ids.ts'
import { MAX_NODE_NUMBER } from '../core/domain/recording-id.ts'
import { PAUSE_MEANS } from '../core/domain/rules/pause-terms.ts'
import { across, existingFile, host, isLoopback, isMap, list, listeningPort, type Loose, oneOf, origin, parsed, path, section, type Tell, wholeNumber, yesOrNo } from './leaves.ts'
import { checkPassphrases, keysSchema } from './keys-settings.ts'
import { catalogueSchema } from './catalogue-settings.ts'
import { archiveSchema, checkArchive } from './archive-settings.ts'
import { auditSchema } from './audit-settings.ts'
import { objectsSchema, storeSchema } from './store-settings.ts'
import { checkNodes, nodesSchema } from './nodes-settings.ts'
import { ENDPOINT, endpointGlob, pbxSchema } from './pbx-settings.ts'
import { signInSchema } from './sign-in-settings.ts'
import { retentionSchema } from './retention-settings.ts'
import { ATTACHED_KEY } from './policy/attached-key-schema.ts'

const node = section({
  name: parsed('1 to 32 of a-z 0-9 -, beginning with a letter or digit', parseNodeName).prefault('node-1').describe('Names this node and its audit chain. Never change it.'),
  number: wholeNumber(null, 0, MAX_NODE_NUMBER).default(0).describe('Part of every recording id: no two nodes of one catalogue may share it.'),
})

const http = section({
  host: host.default('127.0.0.1').describe('Address on which GraphQL, playback, health and metrics are served.'),
  port: listeningPort.default(8480).describe('Its port.'),
  tls: section({
    certFile: existingFile.describe('Certificate chain, PEM.'),
    keyFile: existingFile.describe('Its private key, PEM.'),
  }).nullable().default(null).describe('TLS; null: plain HTTP, for loopback or behind a proxy on this machine.'),
  allowPlaintextOn: host.nullable().default(null).describe('Names the address, other than loopback, on which plain HTTP may be served: tokens and voices travel here.'),
  corsOrigins: list(origin, 'a list of origins').default([]).describe('Origins whose pages may use the API from a browser, such as https://desk.example.com: an agent desktop with the desk API (docs/desk-api.md).'),
  graphiql: yesOrNo.default(false).describe('Serve the GraphiQL page, for development.'),
  introspection: yesOrNo.default(true).describe('Let clients with a token ask for the schema, as code generators do.'),
  publicOrigin: origin.nullable().default(null).describe('Where browsers see the API, where a proxy in front has another address, such as https://holdfast.example.com: sessions are for pages from there alone, and their cookie is marked Secure under https. null: what they say in `Host`.'),
  operationsFile: existingFile.nullable().default(null).describe('A JSON file `{"<SHA-256>": "<document>"}` of the only GraphQL operations that are answered, read at start (docs/sign-in.md); null: every one that its sender may ask.'),
  requestBurst: wholeNumber(null, 10, 1_000_000).default(600).describe('So many requests (GraphQL, reports, exports of the audit) one user or token may send at once.'),
  requestsPerMinute: wholeNumber(null, 10, 1_000_000).default(6000).describe('And so many a minute from then on; more are refused with 429 and `Retry-After`.'),
  publicMetrics: yesOrNo.default(false).describe('Serve /metrics without a token. It holds counts and names of PBXs, no numbers of people.'),
}).check(across((value, tell) => {
  const on = value['host']
  if (value['tls'] !== null || typeof on !== 'string' || isLoopback(on) || value['allowPlaintextOn'] === on) return
  tell(['tls'], `plain HTTP on ${on} is refused: set \`tls\`, or name the address in \`allowPlaintextOn\``)
}))

const pause = section({
  ways: list(oneOf(PAUSE_MEANS), `a list of ${PAUSE_MEANS.join(', ')}`).default([...PAUSE_MEANS]).describe('By which ways pauses, starts and stops may be asked for at all, and pauses ended: keys of the agent\'s telephone, the API, a step of the dialplan. A rule may allow fewer.'),
  maxDurationMs: wholeNumber('milliseconds', 1000, 86_400_000).default(600_000).describe('A pause that nobody ends is ended after this time: a forgotten one must not swallow the rest of a call. A rule may have a limit of its own.'),
  warnBeforeMs: wholeNumber('milliseconds', 0, 3_600_000).default(30_000).describe('How long before that it is told that the pause is going to end: in the API, the log and the metrics. A shorter pause is warned of in its middle; 0: no warning.'),
})

const desks = section({
  free: list(endpointGlob, `a list of endpoints: ${ENDPOINT}`).default([]).describe('Telephones at which every agent may sign in over the API, such as PJSIP/desk-*: whoever sits there has its next calls. An agent signs in at the telephones of her token alone where none is named. Never name a trunk.'),
})

const coverage = section({
  toleratedMs: wholeNumber('milliseconds', 0, 3_600_000).default(500).describe('A call that lacks more sound than this is alarmed and stands in the audit. The default leaves room for a dozen transfers, which cost some 30 ms each.'),
  overdueAfterMs: wholeNumber('milliseconds', 10_000, 604_800_000).default(900_000).describe('A call whose sound is not sealed this long after its end is alarmed and stands in the audit.'),
})

const log = section({
  level: oneOf(['debug', 'info', 'warn', 'error']).default('info').describe('The least level that is written.'),
  pretty: yesOrNo.default(false).describe('Lines for people instead of JSON.'),
})

/** Every setting of Holdfast. */
export const settingsSchema = section({
  node: node.prefault({}).describe('This node.'),
  dataDirectory: path.default('/var/lib/holdfast').describe('Where Holdfast keeps what it needs to live through a restart.'),
  pbxs: list(pbxSchema, 'a list of at least one PBX').min(1).describe('The switches that are recorded.'),
  attachedData: section({
    keys: list(ATTACHED_KEY, 'a list of keys').default([]).describe('Channel variables that are kept as attached data, where there is no policy file: that has a list of its own. `record` and `GRECORD_PARTITIONS` always are, and the keys that tell agent, queue, business unit, customer type and language.'),
  }).prefault({}).describe('What is taken from the calls.'),
  policyFile: existingFile.nullable().default(null).describe('The rules by which calls are recorded (docs/policy.md), read again at SIGHUP; wrong at a start, the last good one stays in force, with an alarm; null: the dialplan\'s own `record` alone decides.'),
  catalogue: catalogueSchema.prefault({ type: 'sqlite' }).describe('Where recordings are searched.'),
  objects: objectsSchema.prefault({ type: 'directory' }).describe('Where sealed recordings are stored.'),
  stores: list(storeSchema, 'a list of stores').default([]).describe('More places for sealed recordings, by name: `pbxs[].store` says which PBX\'s lie there (docs/sites.md).'),
  archive: archiveSchema.nullable().default(null).describe('Where recordings go that a retention rule archives (docs/archive.md); null: none is archived.'),
  keys: keysSchema.prefault({}).describe('To whom recordings are sealed, and who can open them here.'),
  http: http.prefault({}).describe('The API.'),
  signIn: signInSchema.prefault({}).describe('How people come in (docs/sign-in.md).'),
  pause: pause.prefault({}).describe('Pauses that agents ask for.'),
  desks: desks.prefault({}).describe('Who may sit where (docs/desk-api.md).'),
  coverage: coverage.prefault({}).describe('The coverage ledger (docs/coverage.md): what was to be recorded against what was.'),
  nodes: nodesSchema.nullable().default(null).describe('Other capture nodes, whose PBXs conversations of this one may reach: a pause is asked of all of them (docs/sites.md). null: this node is alone.'),
  audit: auditSchema.prefault({}).describe('The audit, and what proves that nobody altered it (docs/audit.md).'),
  retention: retentionSchema.prefault({}).describe('How long recordings are kept (docs/retention.md).'),
  log: log.prefault({}).describe('What is told on standard output.'),
}).check(across((value, tell) => {
  checkIds(value, tell)
  checkPassphrases(value, tell)
  checkShared(value, tell)
  checkStores(value, tell)
  checkArchive(value, tell)
  checkKeyLists(value, tell)
  checkNodes(value, tell)
}))
export type SettingsFile = z.output<typeof settingsSchema>

function checkIds(settings: Loose, tell: Tell): void {
  const seen = new Set<unknown>()
  const pbxs = Array.isArray(settings['pbxs']) ? (settings['pbxs'] as readonly unknown[]) : []
  for (const [index, pbx] of pbxs.entries()) {
    const id = typeof pbx === 'object' && pbx !== null && 'id' in pbx ? pbx.id : null
    if (typeof id !== 'string') continue
    if (seen.has(id)) tell(['pbxs', index, 'id'], `"${id}" is taken already: each PBX has an id of its own`)
    seen.add(id)
  }
}

/** Two links to one PBX record each call twice; two PBXs in one spool take each other's files for their own. */
function checkShared(settings: Loose, tell: Tell): void {
  const pbxs = Array.isArray(settings['pbxs']) ? (settings['pbxs'] as readonly unknown[]).map((pbx) => isMap(pbx) ? pbx : {}) : []
  const once = (at: readonly [string, string], what: (part: Loose) => string | null, fault: (first: string) => string): void => {
    const first = new Map<string, string>()
    for (const [index, pbx] of pbxs.entries()) {
      const part = pbx[at[0]]
      const shared = isMap(part) ? what(part) : null
      if (shared === null) continue
      const before = first.get(shared)
      if (before === undefined) first.set(shared, String(pbx['id']))
      else tell(['pbxs', index, ...at], fault(before))
    }
  }
  const address = ({ host: to, port }: Loose): string => `${String(to)}:${String(port)}`
  const link = (first: string): string => `is that of the PBX "${first}": each call would be recorded twice`
  once(['ami', 'port'], address, link)
  once(['esl', 'port'], address, link)
  once(['spool', 'path'], ({ path: folder }) => typeof folder === 'string' ? folder.replace(/\/+$/, '') : null, (first) => `is that of the PBX "${first}": each PBX has a recordings directory of its own, or one's files are taken for the other's`)
}

function checkStores(settings: Loose, tell: Tell): void {
  const named = (key: 'stores' | 'pbxs', field: 'name' | 'store'): readonly unknown[] => {
    const entries = settings[key]
    return Array.isArray(entries) ? (entries as readonly unknown[]).map((entry) => isMap(entry) ? entry[field] : null) : []
  }
  const stores = named('stores', 'name')
  for (const [index, name] of stores.entries()) {
    if (typeof name === 'string' && stores.indexOf(name) !== index) tell(['stores', index, 'name'], `"${name}" is taken already: each store has a name of its own`)
  }
  for (const [index, store] of named('pbxs', 'store').entries()) {
    if (typeof store === 'string' && !stores.includes(store)) tell(['pbxs', index, 'store'], `there is no store "${store}" among \`stores\``)
  }
}

/** A list that nothing reads would let in nothing, silently. */
function checkKeyLists({ policyFile, attachedData }: Loose, tell: Tell): void {
  if (typeof policyFile !== 'string' || !isMap(attachedData) || !Array.isArray(attachedData['keys']) || attachedData['keys'].length === 0) return
  tell(['attachedData', 'keys'], 'is not read where there is a `policyFile`: list the keys in its own `attachedData.keys`')
}
