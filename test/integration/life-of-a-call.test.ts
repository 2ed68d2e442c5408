import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { type DemoRecording, playbackAddress } from '../../cli/demo/demo-recording.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { parseRecordingId } from '../../core/domain/ids.ts'
import { openStore } from '../../cli/open-blobs.ts'
import { openSqliteStore } from '../../core/store/sqlite-store.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { findChirps } from '../support/audio/find-chirps.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { requireCommand } from '../support/commands.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'

const CUSTOMER_HZ = 440
const AGENT_HZ = 1000
const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }
/** One packet of 20 ms. */
const FRAME_SAMPLES = 160
const EXTENSIONS = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Set(GRECORD_PARTITIONS=/sales,/support/gold)
 same => n,Set(CUSTOMER_ID=C-1001)
 same => n,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Set(CASE=after the request)
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()
exten => 101,1,Set(record=destination)
 same => n,Set(GRECORD_PARTITIONS=/support)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()
[from-agent]
`

interface Talked {
  readonly customer: PhoneCall
  readonly agent: PhoneCall
}

/** By how much the same chirps lie later in the second track: the shift that most of them agree upon. */
function shiftBetween(first: readonly number[], second: readonly number[]): number {
  const candidates = first.flatMap((from) => second.map((to) => to - from))
  const agreeing = (shift: number): number => first.filter((from) => second.some((to) => Math.abs(to - from - shift) <= FRAME_SAMPLES)).length
  return candidates.reduce((best, shift) => (agreeing(shift) > agreeing(best) ? shift : best), candidates[0] ?? Number.NaN)
}

describe('the life of a call on a real Asterisk', () => {
  let bench: LabBench
  let talked: Talked
  let source: DemoRecording
  let destination: DemoRecording

  before(async () => {
    bench = await LabBench.open({ extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }], attachedKeys: ['CUSTOMER_ID', 'CASE'] })
    talked = await talk('100', { pauseMs: { from: 2300, to: 4400 }, talkMs: 7000 })
    await talk('101', { pauseMs: null, talkMs: 2500 })
    const recordings = await bench.settled(2)
    const [first, second] = recordings
    if (first === undefined || second === undefined) throw new Error('two recordings')
    source = first
    destination = second
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  /** The customer calls; the agent answers after ringing a while; both say a tone with a chirp each second. */
  async function talk(extension: string, { pauseMs, talkMs }: { readonly pauseMs: { readonly from: number; readonly to: number } | null; readonly talkMs: number }): Promise<Talked> {
    await using customerPhone = await bench.phone('customer', toneWithChirps(CUSTOMER_HZ))
    await using agentPhone = await bench.phone('agent', toneWithChirps(AGENT_HZ))
    await agentPhone.register()
    const customer = await customerPhone.call(extension)
    const agent = await agentPhone.incoming()
    await agent.answer({ afterMs: 700 })
    await customer.answered()
    const sentMs = (): number => agent.sentSamples / SAMPLES_PER_MS
    if (pauseMs !== null) {
      await until(() => expect(sentMs()).to.be.above(pauseMs.from), { withinMs: 10_000 })
      await control('recordingPause', extension)
      await until(() => expect(sentMs()).to.be.above(pauseMs.to), { withinMs: 10_000 })
      await control('recordingResume', extension)
    }
    await until(() => expect(sentMs()).to.be.above(talkMs), { withinMs: 20_000 })
    await customer.hangUp()
    await agent.ended()
    return { customer, agent }
  }

  async function control(mutation: 'recordingPause' | 'recordingResume', dialled: string): Promise<void> {
    const { activeRecordings } = await bench.client.request<{ readonly activeRecordings: readonly { readonly plainId: string; readonly callee: { readonly number: string } }[] }>('{ activeRecordings { plainId callee { number } } }')
    const id = activeRecordings.find(({ callee }) => callee.number === dialled)?.plainId
    const input = mutation === 'recordingPause' ? 'RecordingPauseInput' : 'RecordingResumeInput'
    const { done } = await bench.client.request<{ readonly done: { readonly results: readonly { readonly outcome: string }[] | null } }>(`mutation M($input: ${input}!) { done: ${mutation}(input: $input) { results { outcome } } }`, { input: { recordingId: id } })
    expect(done.results?.map(({ outcome }) => outcome)).to.deep.equal(['DONE'])
  }

  it('stores what the dialplan attached, who spoke, and which rule decided', () => {
    expect(source).to.deep.include({
      state: 'STORED', reason: 'HANGUP', side: 'SOURCE', origin: 'CONTROLLED', rule: 'dialplan-request', dialled: '100', caller: 'customer', agent: 'PJSIP/agent',
      announced: 'PLAYED', channels: 2, partitions: ['/sales', '/support/gold'],
    })
    expect(source.attachedData).to.include({ CUSTOMER_ID: 'C-1001', record: 'source', CASE: 'after the request' })
    expect(destination).to.deep.include({ state: 'STORED', side: 'DESTINATION', partitions: ['/support'], announced: null })
    // A busy machine may cost Asterisk a packet or two: that is told, and nothing else is found.
    expect([...source.findings, ...destination.findings].filter((code) => code !== 'DRIFT')).to.deep.equal([])
  })

  it('hears the customer in channel 1 and the agent in channel 2, each alone', async () => {
    const { recorded, other } = await bench.channels(source.id)
    const spans = { recorded: audioSpans(recorded, TONES), other: audioSpans(other, TONES) }
    expect(heardMs(spans.recorded, 'customer'), describeAudio(recorded, TONES)).to.be.above(4000)
    expect(heardMs(spans.other, 'agent'), describeAudio(other, TONES)).to.be.above(4000)
    expect(heardMs(spans.recorded, 'agent') + heardMs(spans.other, 'customer'), 'nothing of the one in the channel of the other').to.equal(0)
  })

  it('swaps the channels on the agent\'s side: channel 1 is the recorded party', async () => {
    const { recorded, other } = await bench.channels(destination.id)
    expect(heardMs(audioSpans(recorded, TONES), 'agent'), describeAudio(recorded, TONES)).to.be.above(2000)
    expect(heardMs(audioSpans(other, TONES), 'customer'), describeAudio(other, TONES)).to.be.above(2000)
  })

  it('keeps every word of the agent that the customer heard, from the first, in its place', async () => {
    const { other } = await bench.channels(source.id)
    const heard = findChirps(talked.customer.received.toSamples()).map(({ position }) => position)
    const kept = findChirps(other).map(({ position }) => position)
    const shift = shiftBetween(heard, kept)
    expect((kept[0] ?? Number.NaN) - ((heard[0] ?? Number.NaN) + shift), 'the first chirp that she heard is the first in the file').to.be.within(-2 * FRAME_SAMPLES, 2 * FRAME_SAMPLES)
    const pause = exactSilence([other]).find(({ start, end }) => end - start > 8000)
    for (const position of heard.map((at) => at + shift)) {
      const inPause = pause !== undefined && position > pause.start - FRAME_SAMPLES * 3 && position < pause.end + FRAME_SAMPLES * 3
      if (!inPause) expect(Math.min(...kept.map((at) => Math.abs(at - position))), `chirp at ${position}`).to.be.at.most(2 * FRAME_SAMPLES)
    }
  })

  it('keeps the customer\'s words in their places, a second apart as she spoke them', async () => {
    const { recorded } = await bench.channels(source.id)
    const chirps = findChirps(recorded).map(({ position }) => position)
    expect(chirps.length).to.be.at.least(3)
    for (const position of chirps) expect((position - (chirps[0] ?? 0)) % 8000, `customer's chirp at ${position}`).to.satisfy((rest: number) => Math.min(rest, 8000 - rest) <= 2 * FRAME_SAMPLES)
  })

  it('is as long as what the customer heard of the agent', async () => {
    const { other } = await bench.channels(source.id)
    const heard = talked.customer.received.toSamples()
    const spoken = (samples: Int16Array): number => samples.findLastIndex((sample) => Math.abs(sample) > 1000) - (findChirps(samples)[0]?.position ?? Number.NaN)
    // Asterisk ends the recorder when it takes the BYE, and the telephone has stopped listening then: some packets either way.
    expect(spoken(other) - spoken(heard), 'samples between the file and what she heard').to.be.within(-6 * FRAME_SAMPLES, 6 * FRAME_SAMPLES)
  })

  it('is silent in the pause, in both channels, for its true length, and loud around it', async () => {
    const { recorded, other } = await bench.channels(source.id)
    const [pause] = source.pauses
    const lengthMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
    const silent = exactSilence([recorded, other]).filter(({ start, end }) => end - start > 8000)
    expect(silent, describeAudio(recorded, TONES)).to.have.length(1)
    const [span] = silent
    expect(((span?.end ?? 0) - (span?.start ?? 0)) / SAMPLES_PER_MS, 'length of the silence in ms').to.be.within(lengthMs - 60, lengthMs + 60)
    const around = (at: number): Int16Array => other.subarray(Math.max(0, at - 1600), at)
    expect(heardMs(audioSpans(around(span?.start ?? 0), TONES), 'agent'), 'right before it').to.be.above(150)
    expect(heardMs(audioSpans(around((span?.end ?? 0) + 1600), TONES), 'agent'), 'right after it').to.be.above(150)
  })

  it('seals what the age command opens, to the same bytes that the API serves', async function sealed() {
    const age = await requireCommand(this, 'age', 'age')
    const settings = loadSettings(bench.lab.settingsFile)
    const folder = await temporaryDirectory()
    const store = await openSqliteStore({ file: join(settings.dataDirectory, 'holdfast.db'), journalFile: join(folder, 'journal.db'), node: settings.node.name, nodeNumber: 0, runtime: quietRuntime() })
    const recordingId = parseRecordingId(source.id)
    const header = await store.repository.mediaHeader(recordingId)
    const media = (await store.repository.find(recordingId, { type: 'all' }))?.media
    await store.close()
    const payload = await openStore(settings.objects).open(media?.payloadName ?? '')
    if (header === null || payload === null) throw new Error('header and payload are stored')
    const file = join(folder, 'recording.age')
    await writeFile(file, Buffer.concat([header, ...await Array.fromAsync(payload.read(0, payload.sizeBytes))]))
    await promisify(execFile)(age, ['--decrypt', '--identity', bench.lab.identityFile, '--output', join(folder, 'recording.wav'), file])
    const opened = await readFile(join(folder, 'recording.wav'))
    expect(createHash('sha256').update(opened).digest('hex')).to.equal(source.sha256)
  })

  it('serves every range as the slice of the whole, and nothing beyond', async () => {
    const address = await playbackAddress(bench.client, bench.url, source.id)
    const whole = Buffer.from(await (await fetch(address)).arrayBuffer())
    expect(createHash('sha256').update(whole).digest('hex')).to.equal(source.sha256)
    const last = whole.length - 1
    const ranges = [[0, 0], [0, last], [last, last], [43, 44], [65_535, 65_536], [65_536, 131_071], [12_345, 23_456], [1, last - 1]] as const
    for (const [from, to] of ranges.filter((range) => range[1] <= last)) {
      const answer = await fetch(address, { headers: { range: `bytes=${from}-${to}` } })
      expect(answer.status).to.equal(206)
      expect(answer.headers.get('content-range')).to.equal(`bytes ${from}-${to}/${whole.length}`)
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), whole.subarray(from, to + 1)), `${from}-${to}`).to.equal(0)
    }
    const beyond = await fetch(address, { headers: { range: `bytes=${whole.length}-` } })
    expect(beyond.status).to.equal(416)
    await beyond.arrayBuffer()
  })

  it('is found by what was attached, by partition and by number, and by nothing else', async () => {
    const found = async (filter: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
      const { recordings } = await bench.client.request<{ readonly recordings: { readonly nodes: readonly { readonly plainId: string }[] } }>('query Q($filter: RecordingFilter) { recordings(filter: $filter) { nodes { plainId } } }', { filter })
      return recordings.nodes.map(({ plainId }) => plainId)
    }
    expect(await found({ attached: [{ key: 'CUSTOMER_ID', value: 'C-1001' }] })).to.deep.equal([source.id])
    expect(await found({ attached: [{ key: 'CUSTOMER_ID', value: 'c-1001' }] })).to.deep.equal([])
    expect(await found({ partitionUnder: '/support' })).to.deep.equal([destination.id, source.id])
    expect(await found({ partitionUnder: '/support/gold' })).to.deep.equal([source.id])
    expect(await found({ callee: '101' })).to.deep.equal([destination.id])
    expect(await found({ agent: 'PJSIP/agent', minDurationMs: 5000 })).to.deep.equal([source.id])
  })

  it('shows a supervisor her own partitions, and of the rest not even that it is there', async () => {
    const supervisor = new GraphqlClient(`${bench.url}/graphql`, await bench.token('supervisor', ['/sales']))
    const { recordings } = await supervisor.request<{ readonly recordings: { readonly nodes: readonly { readonly plainId: string }[]; readonly totalCount: { readonly count: number } } }>('{ recordings { nodes { plainId } totalCount { count } } }')
    expect(recordings).to.deep.equal({ nodes: [{ plainId: source.id }], totalCount: { count: 1 } })
    const ask = async (id: string): Promise<unknown> => await supervisor.request('query Q($id: ID!) { recording(id: $id) { plainId } }', { id })
    expect(await ask(destination.id)).to.deep.equal(await ask('12345'))
    const play = async (id: string): Promise<unknown> => await supervisor.request('mutation P($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } userErrors { code message } } }', { id })
    expect(await play(destination.id)).to.deep.equal(await play('12345'))
  })

  it('refuses whoever brings no token, and a ticket that was never given', async () => {
    const anonymous = await fetch(`${bench.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ __typename }' }) })
    expect(anonymous.status).to.equal(401)
    await anonymous.arrayBuffer()
    const stranger = await fetch(`${bench.url}/media/${'A'.repeat(43)}`)
    expect(stranger.status).to.equal(404)
    await stranger.arrayBuffer()
  })

  it('stands in the audit: asked, stored, paused, listened to; and the chain verifies', async () => {
    const administrator = new GraphqlClient(`${bench.url}/graphql`, await bench.token('administrator'))
    const { auditEntries } = await administrator.request<{ readonly auditEntries: { readonly nodes: readonly { readonly action: string }[] } }>('query A($id: String!) { auditEntries(filter: { objectId: $id }, first: 200) { nodes { action } } }', { id: source.id })
    const actions = new Set(auditEntries.nodes.map(({ action }) => action))
    for (const action of ['RECORDING_REQUESTED', 'RECORDING_PAUSE', 'RECORDING_PAUSE_EFFECTIVE', 'RECORDING_RESUME', 'RECORDING_RESUME_EFFECTIVE', 'RECORDING_STOPPED', 'RECORDING_STORED', 'PLAYBACK_REQUESTED', 'PLAYBACK_BEGUN']) expect([...actions], action).to.include(action)
    expect(await bench.command('audit', 'verify')).to.match(/^lab +\d+ +(?:-|entry \d+, \S+) +whole$/m)
  })

  it('leaves nothing in the spool', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
  })

  it('tells its figures and its health', async () => {
    const ready = await fetch(`${bench.url}/readyz`)
    expect(ready.status).to.equal(200)
    await ready.arrayBuffer()
    const metrics = await fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${await bench.token('administrator')}` } })
    expect(await metrics.text()).to.match(/^holdfast_pbx_link_up\{pbx="lab"\} 1$/m)
  })
})
