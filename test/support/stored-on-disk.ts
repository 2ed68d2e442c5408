import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openStore } from '../../cli/open-blobs.ts'
import { type ConsoleStore, openConsoleStore } from '../../cli/console-store.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { parseNodeName, parsePbxId, type RecordingId } from '../../core/domain/ids.ts'
import type { BlobStore } from '../../core/ports/blob-store.ts'
import { inPieces } from './bytes.ts'
import { HEADER } from './held-recordings.ts'
import { temporaryDirectory } from './hooks.ts'
import { journalled, mediaOf, type RequestOptions, seconds, wholeLife } from './recording-facts.ts'

/** An installation on disk in which recordings were stored, each with a file that was left in the spool; its PBX does not answer. */
export class StoredOnDisk implements AsyncDisposable {
  /** Its settings. */
  readonly file: string
  readonly settings: Settings
  readonly store: ConsoleStore
  readonly blobs: BlobStore
  readonly #spool: string

  private constructor(file: string, parts: { readonly settings: Settings; readonly store: ConsoleStore; readonly spool: string }) {
    this.file = file
    this.settings = parts.settings
    this.store = parts.store
    this.blobs = openStore(parts.settings.objects)
    this.#spool = parts.spool
  }

  /** @param rules - the text of its retention file */
  static async open(rules: string): Promise<StoredOnDisk> {
    const directory = await temporaryDirectory()
    const [file, spool] = [join(directory, 'holdfast.yaml'), join(directory, 'spool')]
    const { recipient } = await newIdentity(new Date())
    await mkdir(join(spool, 'holdfast'), { recursive: true })
    await writeFile(join(directory, 'retention.yaml'), rules)
    await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: 9, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${spool} } }]
keys: { recipients: [${recipient}] }
retention: { rulesFile: retention.yaml }
http: { port: 0 }
`)
    const settings = loadSettings(file, {})
    return new StoredOnDisk(file, { settings, store: await openConsoleStore(settings), spool })
  }

  async add(options: RequestOptions): Promise<void> {
    const { id } = options
    const { repository, jobs } = this.store
    const facts = wholeLife({ ...options, change: { ...options.change, pbxId: parsePbxId('main') } }).map(inSpool)
    await repository.apply({ node: parseNodeName('node-1'), journal: `journal-${id}` }, journalled(facts))
    await repository.beginIngest(id)
    await repository.recordMedia(id, { media: { ...mediaOf(id), payloadName: `${id}.1.payload` }, header: HEADER, recipients: ['age1operational'], findings: [], sounds: [] }, {
      at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {},
    })
    const job = await jobs.lease('ingest', 'test', new Date('2100-01-01T00:00:00Z'), 1000)
    if (job !== null) await jobs.complete(job, 'test')
    for (const name of objectsOf(id)) await this.blobs.put(name, inPieces(Buffer.from(`sealed ${name}`)))
    const left = join(this.#spool, 'holdfast', `${id}.0.rx.wav`)
    await mkdir(dirname(left), { recursive: true })
    await writeFile(left, 'plaintext')
  }

  /** What is left of a recording beside the catalogue: objects and files of the spool. */
  async left(id: RecordingId): Promise<readonly string[]> {
    const objects = await Promise.all(objectsOf(id).map(async (name) => await this.blobs.open(name) === null ? [] : [name]))
    return [...objects.flat(), ...(await readdir(join(this.#spool, 'holdfast'))).filter((name) => name.startsWith(`${id}.`))]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]()
  }
}

/** The sealed halves of a recording. */
export function objectsOf(id: RecordingId): readonly string[] {
  return [`${id}.1.header`, `${id}.1.payload`]
}

/** Its files lie where our recorders put them. */
export function inSpool(fact: CaptureFact): CaptureFact {
  if (fact.type !== 'segment-opened') return fact
  return { ...fact, files: { received: `holdfast/${fact.recordingId}.${fact.index}.rx.wav`, transmitted: `holdfast/${fact.recordingId}.${fact.index}.tx.wav` } }
}
