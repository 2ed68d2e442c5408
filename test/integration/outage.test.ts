import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { expectStored, expectWhole, longestSilence } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { FreeLines, NUMBER_PLAN } from '../support/number-plan.ts'
import { type ToneCall, ToneCalls } from '../support/tone-call.ts'

const TALK_MS = 1100
/** The heartbeat still looks fresh then: the dialplan calls it stale after ten seconds. */
const AFTER_KILL_MS = 1000
const MASK_TOLERANCE_MS = 100

describe('calls while Holdfast is away', () => {
  let bench: LabBench
  const lines = new FreeLines()

  before(async () => {
    bench = await LabBench.open(NUMBER_PLAN)
  })
  after(() => bench[Symbol.asyncDispose]())

  it('are kept, whether they live through a kill -9, end while nobody listens, or begin then', async () => {
    await using calls = new ToneCalls(bench, lines)
    const [through, ending, paused, pausedEnding, agents] = await Promise.all([calls.place('source'), calls.place('source'), calls.place('source'), calls.place('source'), calls.place('destination')])
    expect(await bench.control('pause', paused.caller)).to.equal('DONE')
    expect(await bench.control('pause', pausedEnding.caller)).to.equal('DONE')
    await delay(TALK_MS)
    await bench.holdfast.kill()
    await Promise.all([ending.hangUp(), pausedEnding.hangUp(), delay(AFTER_KILL_MS)])

    const [fresh, freshEnding, freshAgents, freshUnwanted, endingUnwanted] = await Promise.all([calls.place('source'), calls.place('announced'), calls.place('destination'), calls.place('unwanted'), calls.place('unwanted')])
    await staleAfter(1)
    const [stale, staleUnwanted] = await Promise.all([calls.place('announced'), calls.place('unwanted')])
    await delay(TALK_MS)
    await Promise.all([freshEnding.hangUp(), endingUnwanted.hangUp()])
    await bench.start()
    await staleAfter(10)
    await delay(TALK_MS)
    expect(await bench.control('resume', paused.caller), 'the pause was in force').to.equal('DONE')
    const resumedMs = paused.talkedMs
    await delay(TALK_MS)
    await calls.hangUp()

    for (const call of [through, ending, agents]) expect(await stored(call)).to.include({ origin: 'CONTROLLED', reason: call === ending ? 'ENDED_UNSEEN' : 'HANGUP' })
    for (const call of [fresh, freshEnding, freshAgents, stale]) expect(await stored(call)).to.include({ origin: 'NATIVE', reason: call === freshEnding ? 'ENDED_UNSEEN' : 'HANGUP' })
    for (const call of [freshUnwanted, endingUnwanted, staleUnwanted]) {
      expect((await bench.settled(1, { caller: call.caller }))[0]).to.deep.include({ state: 'NOT_RECORDED', reason: 'NOT_WANTED', rule: 'dialplan-request' })
    }
    const silence = await longestSilence(bench, await expectStored(bench, paused))
    expect(silence.toMs).to.be.within(resumedMs - MASK_TOLERANCE_MS, resumedMs + MASK_TOLERANCE_MS)
    expect(silence.fromMs).to.be.lessThan(TALK_MS)
    await expectStored(bench, pausedEnding)
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
  })

  it('go on through an orderly end and a new start, and those that begin in between do not wait in vain', async () => {
    await using calls = new ToneCalls(bench, lines)
    const through = await calls.place('source')
    await bench.holdfast.stop()
    const calledAt = performance.now()
    const between = await calls.place('source')
    expect(performance.now() - calledAt).to.be.lessThan(2000)
    await delay(TALK_MS)
    await bench.start()
    await delay(TALK_MS)
    await calls.hangUp()
    expect(await stored(through)).to.include({ origin: 'CONTROLLED' })
    expect(await stored(between)).to.include({ origin: 'NATIVE' })
  })

  it('are recorded once and from the first word when it is there, but hangs for a second', async () => {
    await using calls = new ToneCalls(bench, lines)
    process.kill(bench.holdfast.pid, 'SIGSTOP')
    const call = await calls.place('source')
    await delay(TALK_MS)
    process.kill(bench.holdfast.pid, 'SIGCONT')
    await delay(TALK_MS)
    await calls.hangUp()
    await stored(call)
  })

  it('are stored when the object store works again, and wait in the spool until then', async () => {
    const objects = join(bench.lab.dataDirectory, 'objects')
    await using calls = new ToneCalls(bench, lines)
    await rename(objects, `${objects}.away`)
    await writeFile(objects, 'no folder')
    const call = await calls.place('source')
    await delay(TALK_MS)
    await calls.hangUp()
    try {
      await until(async () => expect(await bench.holdfast.lastLines()).to.include('ingest is going to be tried again'), { withinMs: 10_000 })
      expect(await bench.spool()).to.have.length(2)
    } finally {
      await rm(objects)
      await rename(`${objects}.away`, objects)
    }
    await stored(call)
  })

  for (const database of ['holdfast.db', 'journal.db']) {
    it(`are kept while another process holds ${database}`, async () => {
      await using calls = new ToneCalls(bench, lines)
      const before = await calls.place('source')
      const holder = new Database(join(bench.lab.dataDirectory, database))
      holder.exec('BEGIN EXCLUSIVE')
      const during = await calls.place('source')
      await delay(TALK_MS)
      await calls.hangUp()
      holder.exec('ROLLBACK')
      holder.close()
      await stored(before)
      await stored(during)
    })
  }

  it('have left an empty spool, and an audit chain that verifies', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    expect(JSON.parse(await bench.command('audit', 'verify', '--json'))).to.have.deep.nested.property('[0].firstBroken', null)
  })

  async function stored(call: ToneCall): ReturnType<typeof expectStored> {
    const recording = await expectStored(bench, call)
    await expectWhole(bench, call, recording)
    return recording
  }

  async function staleAfter(seconds: number): Promise<void> {
    await bench.lab.asterisk.cli(`dialplan set global HOLDFAST_STALE_SECONDS ${seconds}`)
  }
})
