import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { S3mini } from 's3mini'
import { compose, type Holdfast } from '../../cli/compose.ts'
import { openConsoleStore } from '../../cli/console-store.ts'
import { openKeys } from '../../cli/keys/open-keys.ts'
import { openBlobs } from '../../cli/open-blobs.ts'
import { run } from '../../cli/program.ts'
import { serviceRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import { s3Fetch } from '../../core/store/s3-fetch.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { aboutHold, withoutJobs } from '../support/held-recordings.ts'
import { temporaryDirectory } from '../support/hooks.ts'
import { requireRgw } from '../support/private-rgw.ts'
import { idAt, journalled, mediaOf, wholeLife } from '../support/recording-facts.ts'

const ID = idAt(0)
/** More than one chunk of what is sealed. */
const SOUND = patternBytes(300_000)
const FOUND = 'query ($id: ID!) { recording(id: $id) { state archive { store runId } } recordings(filter: { attached: [{ key: "claim", value: "c4711" }] }, first: 5) { nodes { plainId state } } }'
const PLAY = 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } userErrors { code message } } }'

interface Playback {
  readonly playback: { readonly path: string } | null
  readonly userErrors: readonly { readonly code: string; readonly message: string }[]
}

/** An installation whose rules archive after a day, and a recording that is older. */
class Installation {
  readonly #directory: string
  readonly #cold: string
  readonly #keys: string

  private constructor(directory: string, parts: { readonly cold: string; readonly keys: string }) {
    this.#directory = directory
    this.#cold = parts.cold
    this.#keys = parts.keys
  }

  static async open(cold: string): Promise<Installation> {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'spool', 'holdfast'), { recursive: true })
    const { recipient, fileText } = await newIdentity(new Date())
    await writeFile(join(directory, 'identity.txt'), fileText, { mode: 0o600 })
    const installation = new Installation(directory, { cold: cold.replace('DIRECTORY', directory), keys: `{ recipients: [${recipient}], identityFiles: [identity.txt] }` })
    await installation.rules('archiveAfterDays: 1')
    await installation.settings('true')
    return installation
  }

  get file(): string {
    return join(this.#directory, 'holdfast.yaml')
  }

  async rules(terms: string): Promise<void> {
    await writeFile(join(this.#directory, 'retention.yaml'), `rules: []\ndefault: { name: old, ${terms} }\n`)
  }

  async settings(play: 'true' | 'false'): Promise<void> {
    await writeFile(this.file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: 9, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${join(this.#directory, 'spool')} } }]
keys: ${this.#keys}
stores: [{ name: cold, ${this.#cold} }]
archive: { store: cold, play: ${play} }
retention: { rulesFile: retention.yaml }
http: { port: 0 }
log: { level: error }
`)
  }

  /** Sealed to the installation's own recipient, as ingest would have; before a service is there that would do it. */
  async store(): Promise<void> {
    const settings = loadSettings(this.file, {})
    await using store = await openConsoleStore(settings)
    const { cipher } = await openKeys(settings)
    const sealed = await cipher.seal(inPieces(SOUND))
    const payload = await collect(sealed.payload)
    await store.repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, journalled(wholeLife({ id: ID, attached: { claim: 'c4711' }, change: { pbxId: parsePbxId('main') } })))
    await store.repository.beginIngest(ID)
    const media = { ...mediaOf(ID), sizeBytes: SOUND.length, sha256: digest(SOUND), payloadName: `${ID}.1.payload`, payloadSizeBytes: payload.length, payloadSha256: digest(payload) }
    await store.repository.recordMedia(ID, { media, header: sealed.header, recipients: sealed.recipients, findings: [], sounds: [] }, { ...aboutHold(1), action: 'recording.stored', object: { type: 'recording', id: ID } })
    await withoutJobs(store.jobs)
    const { blobs } = openBlobs(settings)
    await blobs.put(`${ID}.1.payload`, inPieces(payload))
    await blobs.put(`${ID}.1.header`, inPieces(sealed.header))
  }

  /** What lies under these names, in the archive and where the recording was. */
  async lies(): Promise<readonly string[]> {
    const { blobs } = openBlobs(loadSettings(this.file, {}))
    const names = ['', 'cold.'].flatMap((place) => [`${place}${ID}.1.header`, `${place}${ID}.1.payload`])
    return (await Promise.all(names.map(async (name) => await blobs.open(name) === null ? [] : [name]))).flat()
  }

  async holdfast(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const out: string[] = []
    const code = await run([...words, '--config', this.file], { terminal: { out: (text) => void out.push(text), err: () => undefined } })
    return { code, out: out.join('\n') }
  }

  /** The service as it starts with the settings of now. */
  async serving(work: (service: Service) => Promise<void>): Promise<void> {
    const settings = loadSettings(this.file, {})
    const holdfast = await compose(settings, serviceRuntime(settings, { write: () => undefined }))
    try {
      await holdfast.start()
      const { out } = await this.holdfast('token', 'create', '--role', 'compliance-officer', '--label', 'test', '--expires', '1d')
      await work(new Service(holdfast, /hf_\S+/.exec(out)?.[0] ?? out.trim()))
    } finally {
      await holdfast.stop()
    }
  }
}

class Service {
  readonly #holdfast: Holdfast
  readonly #token: string

  constructor(holdfast: Holdfast, token: string) {
    this.#holdfast = holdfast
    this.#token = token
  }

  async ask(query: string): Promise<Readonly<Record<string, unknown>>> {
    const answer = await fetch(`${this.#holdfast.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#token}` }, body: JSON.stringify({ query, variables: { id: ID } }) })
    const { data, errors } = await answer.json() as { readonly data: Readonly<Record<string, unknown>> | null; readonly errors?: unknown }
    if (data === null || errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  }

  /** What is heard; else why not. */
  async heard(): Promise<Buffer | Playback['userErrors']> {
    const { playback, userErrors } = (await this.ask(PLAY))['recordingRequestPlayback'] as Playback
    if (playback === null) return userErrors
    const answer = await fetch(`${this.#holdfast.url}${playback.path}`)
    expect(answer.status).to.equal(200)
    return Buffer.from(await answer.arrayBuffer())
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function throughArchiveToItsEnd(cold: string): Promise<void> {
  const installation = await Installation.open(cold)
  await installation.store()
  await installation.serving(async (service) => {
    expect(SOUND.equals(await service.heard() as Buffer), 'as it was stored').to.equal(true)
    expect((await installation.holdfast('retention', 'run')).out).to.match(/archived +1/)
    const [{ id: runId, manifest }] = JSON.parse((await installation.holdfast('retention', 'runs', '--json')).out)
    expect(manifest).to.equal(`cold.0.${runId}.manifest`)
    expect(await service.ask(FOUND)).to.deep.equal({ recording: { state: 'ARCHIVED', archive: { store: 'cold', runId } }, recordings: { nodes: [{ plainId: ID, state: 'ARCHIVED' }] } })
    expect(SOUND.equals(await service.heard() as Buffer), 'from the archive').to.equal(true)
    expect(await installation.lies()).to.deep.equal([`cold.${ID}.1.header`, `cold.${ID}.1.payload`])
    expect((await installation.holdfast('archive', 'verify', manifest)).out).to.include('1 read: 1 whole')
  })
  await installation.settings('false')
  await installation.serving(async (service) => {
    const [refusal] = await service.heard() as Playback['userErrors']
    expect(refusal).to.deep.equal({ code: 'MEDIA_ABSENT', message: 'the recording lies in the archive, from which nothing is played or exported here: ask whoever keeps the archive' })
    expect(await service.ask(FOUND)).to.have.nested.property('recordings.nodes[0].state', 'ARCHIVED')
  })
  await installation.rules('archiveAfterDays: 1, purgeAfterDays: 2')
  expect((await installation.holdfast('retention', 'run')).out).to.match(/purged +1/)
  expect(await installation.lies()).to.deep.equal([])
  await expectPurged(installation)
}

/** The manifest of before goes on to verify, and knows that it was by order. */
async function expectPurged(installation: Installation): Promise<void> {
  const runs: readonly { readonly manifest: string | null }[] = JSON.parse((await installation.holdfast('retention', 'runs', '--json')).out)
  const manifest = runs.find((each) => each.manifest !== null)?.manifest ?? ''
  const verified = await installation.holdfast('archive', 'verify', manifest)
  expect(verified.code).to.equal(0)
  expect(verified.out).to.include('1 destroyed by order since')
  await installation.serving(async (service) => {
    expect(await service.ask(FOUND)).to.have.deep.property('recording', { state: 'PURGED', archive: null })
  })
}

describe('a recording that a rule archives', () => {
  it('is found and played from a folder, or asked for at its keeper; when it is purged, it is gone there, too', async () => {
    await throughArchiveToItsEnd('path: DIRECTORY/cold')
  })

  it('is found and played from a bucket of a real S3 service, or asked for at its keeper; when it is purged, it is gone there, too', async function () {
    const gateway = await requireRgw(this)
    const route = s3Fetch({ caPem: null, deadlineMs: 30_000 })
    try {
      const { endpoint, region, user: { accessKeyId, secretAccessKey } } = gateway
      await new S3mini({ endpoint: `${endpoint}/sealed`, region, accessKeyId, secretAccessKey, fetch: route.fetch }).createBucket()
      await throughArchiveToItsEnd(`type: s3, endpoint: '${endpoint}', region: ${region}, bucket: sealed, prefix: holdfast/, accessKeyId: ${accessKeyId}, secretKey: '${secretAccessKey}'`)
    } finally {
      route.close()
      await gateway.stop()
    }
  })
})
