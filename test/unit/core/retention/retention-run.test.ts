import Database from 'better-sqlite3'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { AuditEntry } from '../../../../core/domain/audit-entry.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parseNodeName, type RecordingId } from '../../../../core/domain/ids.ts'
import type { RetentionRules } from '../../../../core/domain/retention/retention-rules.ts'
import { EVERY_ENTRY } from '../../../../core/ports/audit-log.ts'
import type { RecordingDestroyer } from '../../../../core/ports/recording-destroyer.ts'
import { type RetentionRunnerParts, RetentionRunner, type RunReport } from '../../../../core/retention/retention-run.ts'
import { REST_MS, WORK_MS } from '../../../../core/retention/run-pace.ts'
import { catalogueIn } from '../../../../core/store/catalogue.ts'
import { openSqliteDatabase } from '../../../../core/store/sql/sqlite-database.ts'
import { DestroyerBench } from '../../../support/destroyer-bench.ts'
import { aboutHold, holdOn, orderFor } from '../../../support/held-recordings.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { expectCode, rejection } from '../../../support/rejection.ts'
import { daysAfter, retentionWith } from '../../../support/retention-facts.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const COUNT = 5

describe('RetentionRunner', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  let ids: readonly RecordingId[]
  let now: Date
  beforeEach(async () => {
    now = daysAfter(3)
    bench = await DestroyerBench.open(directory())
    ids = await Promise.all(Array.from({ length: COUNT }, (_, index) => bench.stored({ id: idAt(index * 60), attached: { claim: String(index) } })))
  })
  afterEach(() => bench.close())

  const runnerOf = (change: Partial<RetentionRunnerParts> = {}): RetentionRunner => new RetentionRunner({
    store: bench.catalogue.retention, holds: bench.catalogue.holds, destroyer: bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } }), archiver: null,
    runtime: { ...bench.runtime, clock: { now: () => now } }, owner: 'one', ...change,
  })
  const run = (runner: RetentionRunner, rules: RetentionRules = retentionWith(), signal = new AbortController().signal): Promise<RunReport> =>
    runner.run({ rules, by: { type: 'user', id: 'officer' }, perSecond: 10_000, signal })
  const states = async (): Promise<readonly (string | undefined)[]> => Promise.all(ids.map(async (id) => (await bench.catalogue.repository.find(id, { type: 'all' }))?.state))
  const told = async (action: 'retention.begun' | 'retention.ended' | 'recording.purged'): Promise<readonly AuditEntry[]> =>
    (await bench.catalogue.audit.read({ ...EVERY_ENTRY, action }, { first: 50, before: null })).entries.map(({ entry }) => entry)

  it('destroys what is due, and says so before and after, with the digest of its plan', async () => {
    const { run: done, outcomes, left, resumed } = await run(runnerOf())
    expect([outcomes, left, resumed]).to.deep.equal([{ purged: COUNT }, 0, false])
    expect(await states()).to.deep.equal(ids.map(() => 'purged'))
    expect(ids.flatMap((id) => bench.left(id))).to.deep.equal([])
    expect(await told('retention.begun')).to.have.lengthOf(1)
    const [end] = await told('retention.ended')
    expect(end?.object.id).to.equal(done.id)
    expect(end?.details).to.deep.include({ digest: done.digest, purged: COUNT })
    expect((await told('recording.purged')).filter(({ details }) => details['step'] === 'destroyed').map(({ details }) => details['byRule'])).to.deep.equal(ids.map(() => 'default'))
  })

  it('leaves what is held, what is stamped, and what is not due', async () => {
    await bench.catalogue.holds.place(holdOn(1, { recordings: [idAt(0)] }), aboutHold(1))
    await bench.catalogue.retention.stamp([{ recordingId: idAt(60), keptUntil: daysAfter(30), rule: 'r', version: 'older' }])
    const rules = retentionWith({}, [{ name: 'kept', when: { type: 'equals', field: { type: 'attached', key: 'claim' }, value: '2' }, purgeAfterDays: null }])
    expect((await run(runnerOf(), rules)).outcomes).to.deep.equal({ purged: 2 })
    expect(await states()).to.deep.equal(['stored', 'stored', 'stored', 'purged', 'purged'])
  })

  it('asks once more before each recording: a hold that came after the plan is kept, and a longer minimum too', async () => {
    const runner = runnerOf({ onStep: (step) => {
      if (step === 'begun') steps.push(bench.catalogue.holds.place(holdOn(1, { recordings: [idAt(240)] }), aboutHold(1)), bench.catalogue.retention.stamp([{ recordingId: idAt(180), keptUntil: daysAfter(30), rule: 'r', version: 'x' }]))
    } })
    const steps: Promise<unknown>[] = []
    const { outcomes } = await run(runner)
    await Promise.all(steps)
    expect(outcomes).to.deep.equal({ purged: 3, 'not-due': 1, held: 1 })
  })

  it('leaves the file to other processes while it rests: one that writes has the lock at once, and its hold is obeyed', async () => {
    const other = await openSqliteDatabase({ file: bench.file, schema: 'catalogue', readers: 'own' })
    const connection = new Database(bench.file, { timeout: 0 })
    const last = idAt((COUNT - 1) * 60)
    const rests: number[] = []
    let nowMs = 0
    try {
      const { holds } = catalogueIn(other, { node: parseNodeName('node-2'), runtime: bench.runtime })
      const pause = async (ms: number): Promise<void> => {
        // Whoever would have to wait is told "database is locked".
        connection.exec('begin immediate; rollback')
        if (rests.push(ms) === 1) expect((await holds.place(holdOn(1, { recordings: [last] }), aboutHold(1))).outcome).to.equal('placed')
      }
      const { outcomes } = await run(runnerOf({ time: { nowMs: () => (nowMs += WORK_MS / 2), pause } }))
      expect(outcomes).to.deep.equal({ purged: COUNT - 1, held: 1 })
      expect(rests.slice(0, COUNT)).to.deep.equal(Array(COUNT).fill(REST_MS))
    } finally {
      connection.close()
      await other.close()
    }
  })

  for (const dies of [0, 1, 3, COUNT - 1]) {
    it(`is gone on with after a process that died behind item ${dies}, and does nothing twice`, async () => {
      let items = 0
      const killed = runnerOf({ owner: 'killed', onStep: (step) => {
        if (step === 'item-done' && items++ === dies) throw new TypeError('the process dies here')
      } })
      await rejection(run(killed))
      expect((await states()).filter((state) => state === 'purged')).to.have.lengthOf(dies + 1)
      // Rules that came meanwhile do not change what was begun.
      const { resumed, outcomes, left } = await run(runnerOf({ owner: 'next' }), retentionWith({ purgeAfterDays: null }))
      expect([resumed, outcomes, left]).to.deep.equal([true, { purged: COUNT }, 0])
      expect(await told('retention.begun')).to.have.lengthOf(1)
      expect(await told('retention.ended')).to.have.lengthOf(1)
      expect(await told('recording.purged')).to.have.lengthOf(2 * COUNT)
    })
  }

  it('is gone on with after one that died in the middle of a destruction', async () => {
    const dying = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } }, onStep: (step) => {
      if (step === 'headers') throw new TypeError('the process dies here')
    } })
    await rejection(run(runnerOf({ owner: 'killed', destroyer: dying })))
    await bench.destroyer().resume()
    expect((await run(runnerOf({ owner: 'next' }))).outcomes).to.deep.equal({ purged: COUNT })
    expect(await told('recording.purged')).to.have.lengthOf(2 * COUNT)
  })

  it('plans anew after one that died while it planned', async () => {
    await rejection(run(runnerOf({ owner: 'killed', onStep: (step) => {
      if (step === 'opened') throw new TypeError('the process dies here')
    } })))
    const { resumed, outcomes } = await run(runnerOf({ owner: 'next' }))
    expect([resumed, outcomes]).to.deep.equal([false, { purged: COUNT }])
    expect(await bench.catalogue.retention.runs({ first: 5, before: null })).to.have.lengthOf(1)
  })

  it('is refused while another one has the lease, and takes over when it is over', async () => {
    await bench.catalogue.retention.takeLease('dead', { now, until: new Date(now.getTime() + 60_000) })
    await expectCode(run(runnerOf()), 'RETENTION_RUNNING')
    now = new Date(now.getTime() + 60_001)
    expect((await run(runnerOf())).outcomes).to.deep.equal({ purged: COUNT })
  })

  /** A run whose lease somebody else takes as soon as its first recording is destroyed. @param then - what happens next, with the extension that the timer would make */
  const overtaken = async (then: (extend: () => Promise<void>) => unknown): Promise<{ readonly report: RunReport; readonly timers: readonly string[] }> => {
    const timers: string[] = []
    let [extend, taken] = [async (): Promise<void> => undefined, false]
    const sound = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } })
    const destroyer: RecordingDestroyer = { foresee: (id) => sound.foresee(id), destroy: async (order) => {
      const told = await sound.destroy(order)
      const late = new Date(now.getTime() + 60_001)
      if (!taken) expect((await bench.catalogue.retention.takeLease('rival', { now: late, until: new Date(late.getTime() + 60_000) })).outcome).to.equal('granted')
      if (!taken) await then(extend)
      taken = true
      return told
    } }
    const report = await run(runnerOf({ destroyer, repeat: (everyMs, work) => {
      extend = work
      timers.push(`every ${everyMs}`)
      return () => void timers.push('over')
    } }))
    return { report, timers }
  }

  it('stops before its next destruction where its lease cannot be extended, because another has it', async () => {
    const { report: { outcomes, left }, timers } = await overtaken((extend) => extend())
    expect([outcomes, left, timers]).to.deep.equal([{ purged: 1 }, COUNT - 1, ['every 15000', 'over']])
    expect((await states()).filter((state) => state === 'purged')).to.have.lengthOf(1)
    expect(await told('retention.ended')).to.have.lengthOf(0)
    expect((await bench.catalogue.retention.takeLease('third', { now, until: now })).outcome, 'the lease of the other is not let go').to.equal('taken')
  })

  it('stops before its next destruction where its process stood still until its lease was another\'s', async () => {
    const { report: { outcomes, left } } = await overtaken(() => { now = new Date(now.getTime() + 60_001) })
    expect([outcomes, left]).to.deep.equal([{ purged: 1 }, COUNT - 1])
  })

  it('begins nothing where its lease was lost while it planned', async () => {
    const steps: Promise<unknown>[] = []
    await expectCode(run(runnerOf({ onStep: (step) => {
      if (step !== 'opened') return
      now = new Date(now.getTime() + 60_001)
      steps.push(bench.catalogue.retention.takeLease('rival', { now, until: new Date(now.getTime() + 60_000) }))
    } })), 'RETENTION_RUNNING')
    await Promise.all(steps)
    expect(await told('retention.begun')).to.have.lengthOf(0)
    expect(await states()).to.deep.equal(ids.map(() => 'stored'))
  })

  it('goes on where it stood still and nobody took its lease, and has it again', async () => {
    const sound = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } })
    const slow: RecordingDestroyer = { foresee: (id) => sound.foresee(id), destroy: async (order) => {
      if (order.recordingId !== ids[0]) expect((await bench.catalogue.retention.takeLease('rival', { now, until: now })).outcome).to.equal('taken')
      now = new Date(now.getTime() + 60_001)
      return await sound.destroy(order)
    } }
    expect((await run(runnerOf({ destroyer: slow }))).outcomes).to.deep.equal({ purged: COUNT })
  })

  it('ends where it is told to, and is left so that the next one goes on', async () => {
    const stop = new AbortController()
    const report = await run(runnerOf({ onStep: (step) => {
      if (step === 'item-done') stop.abort()
    } }), retentionWith(), stop.signal)
    expect([report.outcomes, report.left]).to.deep.equal([{ purged: 1 }, COUNT - 1])
    expect((await run(runnerOf())).outcomes).to.deep.equal({ purged: COUNT })
  })

  it('passes over what fails, leaves it, and does it the next time', async () => {
    const sound = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } })
    const failing: RecordingDestroyer = { foresee: (id) => sound.foresee(id), destroy: async (order) => order.recordingId === ids[1] ? await Promise.reject(new HoldfastError('STORE_FAILED', 'away')) : await sound.destroy(order) }
    const report = await run(runnerOf({ destroyer: failing }))
    expect([report.outcomes, report.left]).to.deep.equal([{ purged: COUNT - 1 }, 1])
    expect((await run(runnerOf())).outcomes).to.deep.equal({ purged: COUNT })
  })

  it('ends after ten failures in a row: a store that is away is not asked a million times', async () => {
    for (let index = COUNT; index < 12; index += 1) await bench.stored({ id: idAt(index * 60) })
    let asked = 0
    const sound = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } })
    const away: RecordingDestroyer = { foresee: (id) => sound.foresee(id), destroy: async () => {
      asked += 1
      return await Promise.reject(new HoldfastError('STORE_FAILED', 'away'))
    } }
    const report = await run(runnerOf({ destroyer: away }))
    expect([asked, report.outcomes, report.left]).to.deep.equal([10, {}, 12])
    expect((await run(runnerOf())).outcomes).to.deep.equal({ purged: 12 })
  })

  it('counts as its own no destruction that somebody else decided meanwhile', async () => {
    const sound = bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } })
    const late: RecordingDestroyer = { foresee: (id) => sound.foresee(id), destroy: async (order) => {
      if (order.recordingId === ids[1]) await sound.destroy(orderFor(order.recordingId))
      return await sound.destroy(order)
    } }
    expect((await run(runnerOf({ destroyer: late }))).outcomes).to.deep.equal({ purged: COUNT - 1, gone: 1 })
  })

  it('archives what is due, once, and closes its manifest', async () => {
    const asked: string[] = []
    const archiver = {
      archive: async (id: RecordingId) => {
        asked.push(id)
        return { outcome: 'archived' as const, sizeBytes: 1 }
      },
      closeRun: async () => 'manifest.json',
    }
    const { outcomes, run: done } = await run(runnerOf({ archiver }), retentionWith({ archiveAfterDays: 1, purgeAfterDays: 9 }))
    expect([outcomes, done.manifest, asked]).to.deep.equal([{ archived: COUNT }, 'manifest.json', ids])
  })

  it('stamps minimums that no later and shorter rules take back', async () => {
    await run(runnerOf(), retentionWith({ minimumDays: 30, purgeAfterDays: 40 }))
    expect((await run(runnerOf(), retentionWith())).outcomes).to.deep.equal({})
    const recording = await bench.catalogue.repository.find(idAt(0), { type: 'all' })
    const until = new Date((recording?.endedAt?.getTime() ?? 0) + 30 * 86_400_000)
    expect(await bench.destroyer({ runtime: { ...bench.runtime, clock: { now: () => now } } }).destroy(orderFor(idAt(0)))).to.deep.equal({ outcome: 'kept', until })
    now = daysAfter(31)
    expect((await run(runnerOf(), retentionWith())).outcomes).to.deep.equal({ purged: COUNT })
  })
})
