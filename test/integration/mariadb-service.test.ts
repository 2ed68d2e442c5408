import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { parse, stringify } from 'yaml'
import { openCatalogueDatabase } from '../../cli/open-store.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { expectStored, expectWhole, longestSilence } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { PrivateMariadb } from '../support/mariadb.ts'
import { FreeLines, NUMBER_PLAN } from '../support/number-plan.ts'
import { orSkip } from '../support/or-skip.ts'
import { type ToneCall, ToneCalls } from '../support/tone-call.ts'

const MAIN = join(import.meta.dirname, '../../cli/main.ts')
const TALK_MS = 1100
const MASK_TOLERANCE_MS = 100
/** A probe has a deadline of seconds, whatever the server does. */
const PROBED_WITHIN_MS = 4000
/** What is not forwarded is tried again after as much as twice the time that the server was away. */
const BACK_WITHIN_MS = 20_000
const ENDS_WITHIN_MS = 20_000
const DAY_MS = 86_400_000
const AWAY = '{"errors":[{"message":"The catalogue, or a store of recordings, does not answer now: try again.","extensions":{"code":"UNAVAILABLE","retry":true}}]}\n'
const HELD = '11 O 345/26'

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

describe('a service whose catalogue is a database of MariaDB', () => {
  let server: PrivateMariadb
  let bench: LabBench
  const lines = new FreeLines()

  before(async function begin() {
    server = await orSkip(this, 'MariaDB', () => PrivateMariadb.start((line) => console.error(`    ${line}`), { commits: 'durable' }))
    const { address, user, password, database } = server.settings
    bench = await LabBench.open({
      ...NUMBER_PLAN,
      settings: { catalogue: { type: 'mysql', ...address, user, password, database }, retention: { rulesFile: 'retention.yaml' } },
      prepare: (lab) => writeFile(join(lab.settingsFile, '../retention.yaml'), 'rules: []\ndefault: { name: a-day, purgeAfterDays: 1 }\n'),
    })
  })
  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await server?.stop()
  })

  /** The command, however it ends. */
  async function command(words: readonly string[], settingsFile = bench.lab.settingsFile): Promise<Ended> {
    const ended = promisify(execFile)(process.execPath, [MAIN, ...words, '--config', settingsFile], { timeout: ENDS_WITHIN_MS })
    return await ended.then(({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }), ({ code, stdout, stderr }: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({ code, out: stdout, err: stderr }))
  }

  async function components(): Promise<ReadonlyMap<string, boolean>> {
    const response = await fetch(`${bench.url}/readyz`, { signal: AbortSignal.timeout(PROBED_WITHIN_MS) })
    const { components: told } = await response.json() as { readonly components: readonly { readonly component: string; readonly ok: boolean }[] }
    return new Map(told.map(({ component, ok }) => [component, ok]))
  }

  async function stored(call: ToneCall): Promise<string> {
    const recording = await expectStored(bench, call)
    await expectWhole(bench, call, recording)
    return recording.id
  }

  async function active(caller: string): Promise<string> {
    const { activeRecordings } = await bench.client.request<{ readonly activeRecordings: readonly { readonly plainId: string; readonly caller: { readonly number: string } }[] }>('{ activeRecordings { plainId caller { number } } }')
    const found = activeRecordings.find((recording) => recording.caller.number === caller)
    if (found === undefined) throw new Error(`nothing of ${caller} is recorded`)
    return found.plainId
  }

  async function ordered(mutation: 'recordingPause' | 'recordingResume', recordingId: string): Promise<readonly string[] | undefined> {
    const input = mutation === 'recordingPause' ? 'RecordingPauseInput' : 'RecordingResumeInput'
    const { done } = await bench.client.request<{ readonly done: { readonly results: readonly { readonly outcome: string }[] | null } }>(`mutation M($input: ${input}!) { done: ${mutation}(input: $input) { results { outcome } } }`, { input: { recordingId } })
    return done.results?.map(({ outcome }) => outcome)
  }

  /** A question of somebody whom the server knew a moment ago, with what became of it. */
  async function asked(token: string, query: string): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`${bench.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query }), signal: AbortSignal.timeout(PROBED_WITHIN_MS) })
    return { status: response.status, body: await response.text() }
  }

  /** What the audit says of the pauses and resumes of a recording: `known` is by whom nobody could ask. */
  async function audited(recordingId: string): Promise<readonly string[]> {
    const file = join(bench.directory, `audit-${recordingId}.jsonl`)
    const { code, err } = await command(['audit', 'export', '--out', file, '--action', 'recording.pause', '--action', 'recording.resume', '--recording', recordingId])
    expect(code, err).to.equal(0)
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    const entries = lines.map((line) => JSON.parse(line) as { readonly action: string; readonly outcome: string; readonly details: Readonly<Record<string, string>> })
    return entries.map(({ action, outcome, details }) => `${action} ${outcome} ${details['knownAt'] === undefined ? 'asked' : 'known'}`)
  }

  async function expectProved(): Promise<void> {
    const { code, out } = await command(['audit', 'verify', '--json'])
    expect({ code, chains: (JSON.parse(out) as readonly { readonly firstBroken: number | null }[]).map(({ firstBroken }) => firstBroken) }).to.deep.equal({ code: 0, chains: [null] })
  }

  it('finds, plays, holds and destroys what was recorded, and proves it', async () => {
    await using calls = new ToneCalls(bench, lines)
    const [held, deleted, due] = await Promise.all([calls.place('source'), calls.place('destination'), calls.place('source')])
    await delay(TALK_MS)
    await calls.hangUp()
    const [heldId, deletedId, dueId] = [await stored(held), await stored(deleted), await stored(due)]

    const hold = await command(['hold', 'place', '--case', HELD, '--reason', 'order of the court', '--recording', heldId])
    expect(hold.code, hold.err).to.equal(0)
    const gone = await command(['recording', 'delete', heldId, deletedId, '--reason', 'asked for in writing', '--yes'])
    expect(gone.code, 'one of both is held').to.equal(1)
    expect(gone.out).to.include(deletedId).and.not.include(heldId)

    const database = await openCatalogueDatabase(loadSettings(bench.lab.settingsFile))
    try {
      for (const id of [heldId, dueId]) await database.change((tx) => tx.updateTable('recordings').set((row) => ({ started_at: row('started_at', '-', 3 * DAY_MS), ended_at: row('ended_at', '-', 3 * DAY_MS) })).where('id', '=', Number(id)).execute())
    } finally {
      await database.close()
    }
    const run = await command(['retention', 'run'])
    expect(await states([heldId, deletedId, dueId]), run.out + run.err).to.deep.equal(['STORED', 'PURGED', 'PURGED'])
    await expectProved()
  })

  async function states(ids: readonly string[]): Promise<readonly (string | undefined)[]> {
    const { recordings } = await bench.client.request<{ readonly recordings: { readonly nodes: readonly { readonly plainId: string; readonly state: string }[] } }>('{ recordings(first: 100) { nodes { plainId state } } }')
    return ids.map((id) => recordings.nodes.find(({ plainId }) => plainId === id)?.state)
  }

  it('has it to itself: another one is told who serves', async () => {
    const settings = parse(await readFile(bench.lab.settingsFile, 'utf8')) as Readonly<Record<string, unknown>>
    const other = join(bench.directory, 'other.yaml')
    await writeFile(other, stringify({ ...settings, node: { name: 'other', number: 1 }, dataDirectory: join(bench.directory, 'other'), http: { port: 0 } }), { mode: 0o600 })
    const { code, err } = await command(['serve'], other)
    expect(code).to.equal(1)
    expect(err).to.match(new RegExp(`another holdfast serves over this catalogue: lab on .+ \\(process ${bench.holdfast.pid}\\).*\\[ALREADY_RUNNING\\]`))
    expect((await command(['token', 'list'])).code, 'commands may come beside it').to.equal(0)
    const checks = JSON.parse((await command(['doctor', '--json'])).out) as readonly { readonly subject: string; readonly status: string }[]
    expect(checks.filter(({ subject }) => subject === 'catalogue').map(({ status }) => status)).to.deep.equal(['ok'])
  })

  it('records, pauses and goes on while the server is dead, and catches up when it is back', async () => {
    await using calls = new ToneCalls(bench, lines)
    const token = await bench.token('administrator')
    const [through, ending] = await Promise.all([calls.place('source'), calls.place('source')])
    const id = await until(() => active(through.caller))
    await delay(TALK_MS)
    expect((await asked(token, '{ viewer { label } }')).status).to.equal(200)
    await server.kill()
    expect(await ordered('recordingPause', id)).to.deep.equal(['DONE'])
    for (const question of ['{ recordings { nodes { id } } }', '{ auditEntries { nodes { id } } }', `mutation { recordingRequestPlayback(input: { recordingId: "${id}" }) { playback { path } } }`]) {
      const { status, body } = await asked(token, question)
      expect({ status, code: /"code":"([A-Z_]+)"/.exec(body)?.[1] }, body).to.deep.equal({ status: 503, code: 'UNAVAILABLE' })
    }
    const pausedMs = through.talkedMs
    const within = await calls.place('destination')
    expect(Object.fromEntries(await components())).to.deep.include({ catalogue: false, ingest: false, 'pbx lab': true })
    const refused = await fetch(`${bench.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer hf_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789a' }, body: '{"query":"{ viewer { label } }"}' })
    expect({ status: refused.status, body: await refused.text() }).to.deep.equal({ status: 503, body: AWAY })
    expect((await command(['token', 'list'])).err).to.match(/the database server at .*sock cannot be used now: .*\[STORE_FAILED\]/)
    await delay(TALK_MS)
    expect(await ordered('recordingResume', id)).to.deep.equal(['DONE'])
    const resumedMs = through.talkedMs
    await ending.hangUp()
    await server.begin()
    await until(async () => expect((await components()).get('catalogue')).to.equal(true), { withinMs: BACK_WITHIN_MS })
    await delay(TALK_MS)
    await calls.hangUp()

    for (const call of [ending, within]) await stored(call)
    const silence = await longestSilence(bench, await expectStored(bench, through))
    expect(silence.fromMs).to.be.within(pausedMs - MASK_TOLERANCE_MS, pausedMs + MASK_TOLERANCE_MS)
    expect(silence.toMs).to.be.within(resumedMs - MASK_TOLERANCE_MS, resumedMs + MASK_TOLERANCE_MS)
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    expect(await audited(id)).to.deep.equal(['recording.pause ok known', 'recording.resume ok known'])
    await expectProved()
  })

  it('tells that the server hangs, and records on', async () => {
    await using calls = new ToneCalls(bench, lines)
    const through = await calls.place('source')
    const id = await until(() => active(through.caller))
    server.halt()
    expect(await ordered('recordingPause', id)).to.deep.equal(['DONE'])
    const within = await calls.place('source')
    expect((await components()).get('catalogue')).to.equal(false)
    await delay(TALK_MS)
    await within.hangUp()
    server.goOn()
    await calls.hangUp()
    await stored(within)
    expect((await longestSilence(bench, await expectStored(bench, through))).toMs, 'paused to the end').to.be.above(TALK_MS)
    expect((await audited(id))[0]).to.equal('recording.pause ok known')
  })

  it('begins anew at once after its own death', async () => {
    await using calls = new ToneCalls(bench, lines)
    const through = await calls.place('source')
    await delay(TALK_MS)
    await bench.holdfast.kill()
    await bench.start()
    await delay(TALK_MS)
    await calls.hangUp()
    await stored(through)
    await expectProved()
  })

  it('says at a start that it had told the catalogue more than that knows', async () => {
    expect(await missing()).to.equal(0)
    await bench.holdfast.kill()
    const database = await openCatalogueDatabase(loadSettings(bench.lab.settingsFile))
    try {
      await database.change((tx) => tx.updateTable('journal_positions').set((row) => ({ sequence: row('sequence', '-', 3) })).execute())
    } finally {
      await database.close()
    }
    await bench.start()
    expect(await missing()).to.equal(3)
  })

  async function missing(): Promise<number> {
    const response = await fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${await bench.token('administrator')}` }, signal: AbortSignal.timeout(PROBED_WITHIN_MS) })
    return Number(/^holdfast_catalogue_facts_missing (\d+)$/m.exec(await response.text())?.[1])
  }
})
