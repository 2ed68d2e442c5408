import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { S3mini } from 's3mini'
import { openConsoleStore } from '../../cli/console-store.ts'
import { openArchive } from '../../cli/open-archive.ts'
import { openBlobs } from '../../cli/open-blobs.ts'
import { run } from '../../cli/program.ts'
import { consoleRuntime } from '../../cli/runtime/service-runtime.ts'
import { checkArchive } from '../../cli/doctor/check-archive.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import { InProcessRecordingChanges } from '../../core/store/in-process-recording-changes.ts'
import { s3Fetch } from '../../core/store/s3-fetch.ts'
import { RUN } from '../support/archive-bench.ts'
import { collect, inPieces, patternBytes } from '../support/bytes.ts'
import { aboutHold, HEADER, withoutJobs } from '../support/held-recordings.ts'
import { temporaryDirectory } from '../support/hooks.ts'
import { requireRgw } from '../support/private-rgw.ts'
import { idAt, journalled, mediaOf, wholeLife } from '../support/recording-facts.ts'

const ID = idAt(0)
/** Two parts of a multipart upload, and some. */
const PAYLOAD = patternBytes(17_000_000)
const MANIFEST = `cold.0.${RUN.id}.manifest`

/** Archives one recording into the store, and looks at it with the command. */
async function archivedAndVerified(cold: string): Promise<void> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  await mkdir(join(directory, 'data'))
  const { recipient } = await newIdentity(new Date())
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: 9, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${join(directory, 'spool')} } }]
keys: { recipients: [${recipient}] }
stores: [{ name: cold, ${cold.replace('DIRECTORY', directory)} }]
archive: { store: cold }
`)
  const settings = loadSettings(file, {})
  expect((await checkArchive(settings)).map(({ found }) => found).join()).to.match(/takes objects and gives them back/)
  const { blobs } = openBlobs(settings)
  await using store = await openConsoleStore(settings)
  await store.repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, journalled(wholeLife({ id: ID })))
  await store.repository.beginIngest(ID)
  const media = { ...mediaOf(ID), payloadName: `${ID}.1.payload`, payloadSizeBytes: PAYLOAD.length, payloadSha256: createHash('sha256').update(PAYLOAD).digest('hex') }
  await store.repository.recordMedia(ID, { media, header: HEADER, recipients: ['age1operational'], findings: [], sounds: [] }, { ...aboutHold(1), action: 'recording.stored', object: { type: 'recording', id: ID } })
  await withoutJobs(store.jobs)
  await blobs.put(media.payloadName, inPieces(PAYLOAD))
  const archive = await openArchive(settings, { ledger: store.archived, blobs, changes: new InProcessRecordingChanges(), playback: () => null, runtime: consoleRuntime() })
  const { signal } = new AbortController()
  expect((await archive?.archive(ID, RUN, signal))?.outcome).to.equal('archived')
  expect(await archive?.closeRun(RUN, signal)).to.equal(MANIFEST)
  const moved = await store.repository.find(ID, { type: 'all' })
  expect(moved).to.deep.include({ state: 'archived' })
  expect(await blobs.open(media.payloadName)).to.equal(null)
  const copy = await blobs.open(moved?.media?.payloadName ?? '')
  expect(copy === null ? null : (await collect(copy.read(0, copy.sizeBytes))).equals(PAYLOAD)).to.equal(true)
  expect(await verified(file)).to.deep.equal({ exit: 0, text: 'recordings 1 listed, 1 read: 1 whole, 0 destroyed by order since, 0 with newer keys' })
  await blobs.put(`cold.${ID}.1.payload`, inPieces(PAYLOAD.subarray(1)))
  expect(await verified(file)).to.deep.equal({ exit: 1, text: 'recordings 1 listed, 1 read: 0 whole, 0 destroyed by order since, 0 with newer keys' })
}

async function verified(file: string): Promise<{ readonly exit: number; readonly text: string }> {
  const lines: string[] = []
  const exit = await run(['archive', 'verify', MANIFEST, '--config', file], { terminal: { out: (text) => void lines.push(text), err: () => undefined } })
  return { exit, text: lines.join('\n').split('\n').find((line) => line.startsWith('recordings')) ?? '' }
}

describe('an archived recording', () => {
  it('lies in a folder as it was, is signed for, and is missed when a byte of it is', async () => {
    await archivedAndVerified('path: DIRECTORY/cold')
  })

  it('lies in a bucket of a real S3 service as it was, is signed for, and is missed when a byte of it is', async function () {
    const gateway = await requireRgw(this)
    const route = s3Fetch({ caPem: null, deadlineMs: 30_000 })
    try {
      const { endpoint, region, user: { accessKeyId, secretAccessKey } } = gateway
      await new S3mini({ endpoint: `${endpoint}/sealed`, region, accessKeyId, secretAccessKey, fetch: route.fetch }).createBucket()
      await archivedAndVerified(`type: s3, endpoint: '${endpoint}', region: ${region}, bucket: sealed, prefix: holdfast/, accessKeyId: ${accessKeyId}, secretKey: '${secretAccessKey}'`)
    } finally {
      route.close()
      await gateway.stop()
    }
  })
})
