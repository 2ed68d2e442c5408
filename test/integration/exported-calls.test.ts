import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Decrypter } from 'age-encryption'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import { run } from '../../cli/program.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { readPackage } from '../../core/library/export/package-verify.ts'
import { audioSpans, heardMs } from '../support/audio/describe-audio.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { filesWithSound } from '../support/find-sound.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'

const TONES = { customer: 440, agent: 1000 }
const WAV_HEAD_BYTES = 44
/** Two channels of 16 bits. */
const BYTES_PER_MS = 2 * 2 * SAMPLES_PER_MS
/** Before the job is taken, in the midst of it, and about when it ends: a package of one short call is made in some 50 ms. */
const KILLED_AFTER_MS = [0, 10, 25, 50] as const
/** A node looks every five seconds whether there is something to sign. */
const CHECKPOINT_MS = 30_000
/** Whoever died keeps the job for a minute. */
const LEASE_OVER_MS = 100_000
const EXTENSIONS = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Set(CUSTOMER_ID=C-1001)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()
[from-agent]
`

interface Ticketed {
  readonly answer: { readonly path: string | null; readonly userErrors: readonly { readonly message: string }[] }
}

describe('an export of a call on a real Asterisk', () => {
  let bench: LabBench
  let officer: GraphqlClient
  let recording: DemoRecording
  let archive: Buffer
  let keyFile: string
  let packageFile: string

  before(async () => {
    bench = await LabBench.open({ extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }], attachedKeys: ['CUSTOMER_ID'], settings: { audit: { everyEntries: 1 } } })
    officer = new GraphqlClient(`${bench.url}/graphql`, await bench.token('compliance-officer'))
    await talk()
    const [first] = await bench.settled(1)
    if (first === undefined) throw new Error('a recording')
    recording = first
    keyFile = join(bench.directory, 'key.pem')
    packageFile = join(bench.directory, 'package.tar')
    await writeFile(keyFile, await bench.command('receipt', 'key'))
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  async function talk(): Promise<void> {
    await using customerPhone = await bench.phone('customer', toneWithChirps(TONES.customer))
    await using agentPhone = await bench.phone('agent', toneWithChirps(TONES.agent))
    await agentPhone.register()
    const customer = await customerPhone.call('100')
    const agent = await agentPhone.incoming()
    await agent.answer({ afterMs: 100 })
    await customer.answered()
    await until(() => expect(agent.sentSamples / SAMPLES_PER_MS).to.be.above(3000), { withinMs: 15_000 })
    await customer.hangUp()
    await agent.ended()
  }

  /** Its exit code and what it printed: it needs neither settings nor the service. */
  async function verified(file: string, ...rest: readonly string[]): Promise<string> {
    const lines: string[] = []
    const say = (line: string): void => void lines.push(line)
    const code = await run(['export', 'verify', file, '--public-key', keyFile, ...rest], { terminal: { out: say, err: say } })
    return [`exit ${code}`, ...lines].join('\n')
  }

  async function order(reason: string): Promise<string> {
    const { exportRequest } = await officer.request<{ readonly exportRequest: { readonly export: { readonly id: string } | null; readonly userErrors: readonly unknown[] } }>(
      'mutation R($input: ExportRequestInput!) { exportRequest(input: $input) { export { id } userErrors { message } } }', { input: { recordingIds: [recording.id], reason } })
    expect(exportRequest.userErrors).to.deep.equal([])
    return exportRequest.export?.id ?? ''
  }

  it('is ordered over GraphQL, made in the background, and fetched in two parts', async () => {
    const id = await order('claim 4711')
    const sizeBytes = await until(async () => {
      const { export: told } = await officer.request<{ readonly export: { readonly state: string; readonly sizeBytes: number; readonly progress: number } }>('query E($id: ID!) { export(id: $id) { state sizeBytes progress } }', { id })
      expect(told).to.deep.include({ state: 'READY', progress: 1 })
      return told.sizeBytes
    }, { withinMs: 20_000 })
    const { answer } = await officer.request<Ticketed>('mutation T($id: ID!) { answer: exportTicket(input: { exportId: $id }) { path userErrors { message } } }', { id })
    const half = Math.floor(sizeBytes / 2)
    const parts = await Promise.all([`bytes=0-${half}`, `bytes=${half + 1}-`].map(async (range) => {
      const response = await fetch(`${bench.url}${answer.path ?? ''}`, { headers: { range } })
      expect(response.status).to.equal(206)
      return Buffer.from(await response.arrayBuffer())
    }))
    archive = Buffer.concat(parts)
    expect(archive).to.have.length(sizeBytes)
    await writeFile(packageFile, archive)
  })

  it('is verified offline with the public key, and any change is found', async () => {
    expect(await verified(packageFile)).to.match(/^exit 0\n/).and.include('files as they were signed').and.to.include('claim 4711')
    const changed = join(bench.directory, 'changed.tar')
    const altered = Buffer.from(archive)
    const at = altered.indexOf('"caller"')
    altered[at + 1] = (altered[at + 1] ?? 0) ^ 1
    await writeFile(changed, altered)
    expect(await verified(changed)).to.match(/^exit 1\n/).and.include('recording.json: changed').and.to.include('NOT as it was signed')
  })

  it('holds both voices, what was attached, and what the audit tells', async () => {
    const { files } = await readPackage(new Blob([Uint8Array.from(archive)]))
    const textOf = async (name: string): Promise<string> => await files.find((file) => file.name.endsWith(name))?.content.text() ?? ''
    expect(JSON.parse(await textOf('recording.json'))).to.have.nested.property('attached.CUSTOMER_ID', 'C-1001')
    expect(await textOf('audit.jsonl')).to.include('recording.requested').and.to.include('recording.stored')
    const wav = Buffer.from(await files.find(({ name }) => name.endsWith('audio.wav'))?.content.arrayBuffer() ?? new ArrayBuffer(0))
    const samples = (channel: 0 | 1): Int16Array => Int16Array.from({ length: Math.floor((wav.length - WAV_HEAD_BYTES) / 4) }, (_, index) => wav.readInt16LE(WAV_HEAD_BYTES + index * 4 + channel * 2))
    expect(heardMs(audioSpans(samples(0), TONES), 'customer')).to.be.above(2000)
    expect(heardMs(audioSpans(samples(1), TONES), 'agent')).to.be.above(2000)
  })

  it('is made at the console, too, with the sound sealed to somebody else', async () => {
    const identity = await newIdentity(new Date(0))
    const file = join(bench.directory, 'sealed.tar')
    await bench.command('export', 'create', '--reason', 'for the lawyer', '--recording', recording.id, '--recipient', identity.recipient, '--out', file)
    expect(await verified(file)).to.include('for the lawyer')
    const { files } = await readPackage(new Blob([Uint8Array.from(await readFile(file))]))
    const sealed = files.find(({ name }) => name.endsWith('audio.wav.age'))
    const decrypter = new Decrypter()
    decrypter.addIdentity(/AGE-SECRET-KEY-\S+/.exec(identity.fileText)?.[0] ?? '')
    const plain = await decrypter.decrypt(new Uint8Array(await sealed?.content.arrayBuffer() ?? new ArrayBuffer(0)))
    expect(Buffer.from(plain).subarray(0, 4).toString('latin1')).to.equal('RIFF')
    expect(files.some(({ name }) => name.endsWith('.wav'))).to.equal(false)
  })

  it('proves what the audit tells of the call by the checkpoint that its node signed', async () => {
    const auditKey = join(bench.directory, 'audit.pub')
    await writeFile(auditKey, await bench.command('audit', 'key'))
    let made = 0
    await until(async () => {
      const file = join(bench.directory, `proved-${made += 1}.tar`)
      await bench.command('export', 'create', '--reason', 'to be proved', '--recording', recording.id, '--out', file)
      expect(await verified(file, '--audit-key', auditKey)).to.match(/^exit 0\naudit {3}\d+ entries: ([3-9]|\d\d) proved by a signed checkpoint, 0 fit their hashes only/)
      expect(await verified(file)).to.match(/^exit 0\naudit {3}\d+ entries: 0 proved by a signed checkpoint, ([3-9]|\d\d) fit their hashes only/)
    }, { withinMs: CHECKPOINT_MS })
  })

  it('of one recording is a file that is fetched once', async () => {
    const { answer } = await officer.request<Ticketed>('mutation D($id: ID!) { answer: recordingDownload(input: { recordingId: $id, reason: "asked for" }) { path userErrors { message } } }', { id: recording.id })
    const response = await fetch(`${bench.url}${answer.path ?? ''}`)
    expect(response.headers.get('content-disposition')).to.match(/^attachment; filename="recording-\d+\.wav"$/)
    expect(Buffer.from(await response.arrayBuffer()).subarray(0, 4).toString('latin1')).to.equal('RIFF')
    expect((await fetch(`${bench.url}${answer.path ?? ''}`)).status).to.equal(404)
  })

  it('is made once, whole, and with no plaintext beside it, when the service is killed meanwhile', async () => {
    const voice = await voiceOf(archive)
    const ids: string[] = []
    for (const afterMs of KILLED_AFTER_MS) {
      ids.push(await order(`killed after ${afterMs} ms`))
      await delay(afterMs)
      await bench.holdfast.kill()
      expect((await filesWithSound(bench.directory, [voice])).filter((file) => !file.endsWith('.tar')), 'beside what we fetched before').to.deep.equal([])
      await bench.start()
    }
    for (const [index, id] of ids.entries()) {
      await until(async () => {
        const { export: told } = await officer.request<{ readonly export: { readonly state: string; readonly progress: number } }>('query E($id: ID!) { export(id: $id) { state progress } }', { id })
        expect(told).to.deep.equal({ state: 'READY', progress: 1 })
      }, { withinMs: LEASE_OVER_MS })
      const { answer } = await officer.request<Ticketed>('mutation T($id: ID!) { answer: exportTicket(input: { exportId: $id }) { path userErrors { message } } }', { id })
      const response = await fetch(`${bench.url}${answer.path ?? ''}`)
      const file = join(bench.directory, `killed-${index}.tar`)
      await writeFile(file, Buffer.from(await response.arrayBuffer()))
      expect(await verified(file)).to.match(/^exit 0\n/).and.include(`killed after ${KILLED_AFTER_MS[index]} ms`)
      expect(await voiceOf(await readFile(file))).to.deep.equal(voice)
    }
  })
})

/** A second of the sound in a package. */
async function voiceOf(archive: Buffer): Promise<Buffer> {
  const { files } = await readPackage(new Blob([Uint8Array.from(archive)]))
  const wav = Buffer.from(await files.find(({ name }) => name.endsWith('audio.wav'))?.content.arrayBuffer() ?? new ArrayBuffer(0))
  return wav.subarray(WAV_HEAD_BYTES + 2000 * BYTES_PER_MS, WAV_HEAD_BYTES + 2200 * BYTES_PER_MS)
}
