import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'mocha'
import { type ConsoleStore, openConsoleStore } from '../../cli/console-store.ts'
import { run } from '../../cli/program.ts'
import { consoleRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import { openStore } from '../../cli/open-blobs.ts'
import { openSqliteJournal } from '../../core/store/sqlite-store.ts'
import { inPieces } from '../support/bytes.ts'
import { condemnation, HEADER, orderFor } from '../support/held-recordings.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { idAt, journalled, mediaOf, seconds, wholeLife } from '../support/recording-facts.ts'
import { inSpool, objectsOf } from '../support/stored-on-disk.ts'

const MAIN = join(import.meta.dirname, '../../cli/main.ts')
const ID = idAt(0)
const NUMBER = '+4915550100'
/** A service starts within seconds, and looks at once for what was not ended. */
const RESUMED_WITHIN_MS = 40_000

/** A catalogue, a journal, objects and a spool file of one call, as a service leaves them; the PBX does not answer. */
async function afterOneCall(): Promise<{ readonly file: string; readonly settings: Settings; readonly spoolFile: string }> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  const spool = join(directory, 'spool')
  const { recipient } = await newIdentity(new Date())
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: 9, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${spool} } }]
keys: { recipients: [${recipient}] }
http: { port: 0 }
`)
  const settings = loadSettings(file, {})
  const spoolFile = join(spool, 'holdfast', `${ID}.0.rx.wav`)
  await mkdir(dirname(spoolFile), { recursive: true })
  await writeFile(spoolFile, 'plaintext')
  const facts = wholeLife({ id: ID, change: { pbxId: parsePbxId('main') } }).map(inSpool)
  const journal = await openSqliteJournal({ file: join(settings.dataDirectory, 'journal.db'), nodeNumber: 1, runtime: consoleRuntime() })
  await journal.append(facts)
  await journal.markForwarded(facts.length)
  await using store = await openConsoleStore(settings)
  await store.repository.apply({ node: parseNodeName('node-1'), journal: await journal.id() }, journalled(facts))
  await journal[Symbol.asyncDispose]()
  await bringIn(store, settings)
  return { file, settings, spoolFile }
}

async function bringIn({ repository, jobs }: ConsoleStore, settings: Settings): Promise<void> {
  await repository.beginIngest(ID)
  await repository.recordMedia(ID, { media: { ...mediaOf(ID), payloadName: `${ID}.1.payload` }, header: HEADER, recipients: ['age1operational'], findings: [], sounds: [] }, {
    at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id: ID }, outcome: 'ok', reason: null, details: {}, personal: {},
  })
  const job = await jobs.lease('ingest', 'test', new Date('2100-01-01T00:00:00Z'), 1000)
  if (job !== null) await jobs.complete(job, 'test')
  const blobs = openStore(settings.objects)
  for (const name of objectsOf(ID)) await blobs.put(name, inPieces(Buffer.from(`sealed ${name}`)))
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe('a destruction that died behind its decision', () => {
  it('is gone on with by the service when it starts: objects, spool, journal, and the receipt', async () => {
    const { file, settings, spoolFile } = await afterOneCall()
    await using store = await openConsoleStore(settings)
    expect((await store.destructions.condemn(orderFor(ID), condemnation())).outcome).to.equal('condemned')
    const blobs = openStore(settings.objects)
    const bytesOfJournal = async (): Promise<string> => (await Promise.all(['', '-wal'].map((end) => readFile(join(settings.dataDirectory, `journal.db${end}`), 'latin1').catch(() => '')))).join('')
    expect(await bytesOfJournal()).to.include(NUMBER)
    const service = spawn(process.execPath, [MAIN, 'serve', '--config', file], { stdio: 'ignore' })
    try {
      await until(async () => expect((await store.destructions.find(ID))?.receipt ?? null).to.not.equal(null), { withinMs: RESUMED_WITHIN_MS, everyMs: 100 })
      for (const name of objectsOf(ID)) expect(await blobs.open(name)).to.equal(null)
      expect(await readFile(spoolFile, 'utf8').catch(() => 'gone')).to.equal('gone')
      await until(async () => expect(await bytesOfJournal()).to.not.include(NUMBER), { withinMs: RESUMED_WITHIN_MS, everyMs: 200 })
    } finally {
      await killed(service)
    }
    const receipt = join(dirname(file), 'receipt.json')
    await writeFile(receipt, (await store.destructions.find(ID))?.receipt ?? '')
    const out: string[] = []
    expect(await run(['receipt', 'verify', receipt], { terminal: { out: (text) => void out.push(text), err: () => undefined } })).to.equal(0)
    expect(out[0]).to.match(new RegExp(`^good   ${ID} destroyed`))
  })
})
