import { expect } from 'chai'
import { describe, it } from 'mocha'
import { SoleService } from '../../../cli/sole-service.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { parseNodeName } from '../../../core/domain/ids.ts'
import { type OtherService, SERVICE_LEASE_MS, type ServiceLease, type ServiceRun } from '../../../core/ports/service-lease.ts'
import { MemoryJobQueue } from '../../support/fakes/memory-job-queue.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'
import { idAt, seconds } from '../../support/recording-facts.ts'
import { expectCode } from '../../support/rejection.ts'

const RUN: ServiceRun = { id: 'run-1', journal: 'journal-a', node: parseNodeName('north'), host: 'host-a', process: 1 }
const OTHER: OtherService = { node: parseNodeName('south'), host: 'host-b.example.com', process: 815, ageMs: 3100 }
const AWAY = new HoldfastError('STORE_FAILED', 'away')

/** A service whose timer the test turns, at a lease that answers what the test says. */
class Bench {
  answer: () => Promise<OtherService | null> = () => Promise.resolve(null)
  readonly asked: string[] = []
  readonly said: string[] = []
  held: number | null = null
  now = seconds(0)
  turn: () => Promise<void> = () => Promise.reject(new Error('nothing is repeated'))
  ended = false

  async begin(): Promise<SoleService> {
    const say = (_fields: unknown, message: string): void => void this.said.push(message)
    const quiet = quietRuntime(() => this.now)
    const runtime = { ...quiet, log: { ...quiet.log, info: say, warn: say, error: say }, metrics: { ...quiet.metrics, gauge: (_name: string, value: number) => void (this.held = value) } }
    const lease: ServiceLease = {
      take: (run, when) => {
        this.asked.push(`${run.id} ${when}`)
        return this.answer()
      },
      release: (run) => {
        this.asked.push(`${run.id} released`)
        return this.answer().then(() => undefined)
      },
    }
    const sole = new SoleService({ lease, run: RUN, runtime, repeat: (_everyMs, work) => {
      this.turn = work
      return () => void (this.ended = true)
    } })
    await sole.begin()
    return sole
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }
}

describe('the one service over a catalogue', () => {
  it('does not begin beside another one, and says which', async () => {
    const bench = new Bench()
    bench.answer = () => Promise.resolve(OTHER)
    const error = await expectCode(bench.begin(), 'ALREADY_RUNNING')
    expect(error.message).to.equal('another holdfast serves over this catalogue: south on host-b.example.com (process 815), which was seen 3 s ago: end it first, or give this one a database of its own. If its machine is gone, try again in 20 s')
    expect(error.details).to.deep.equal({ node: 'south', host: 'host-b.example.com', pid: 815 })
  })

  it('extends its lease while it works, and lets go of it at its end', async () => {
    const bench = new Bench()
    const sole = await bench.begin()
    for (let turn = 0; turn < 9; turn += 1) {
      bench.pass(5000)
      await bench.turn()
      expect(sole.holds).to.equal(true)
    }
    await sole.stop()
    expect(bench.asked).to.deep.equal(['run-1 start', ...Array.from({ length: 9 }, () => 'run-1 later'), 'run-1 released'])
    expect({ ended: bench.ended, said: bench.said }).to.deep.equal({ ended: true, said: [] })
  })

  it('takes no job once it cannot tell whether the catalogue is still its own, and again when it can', async () => {
    const bench = new Bench()
    const queue = new MemoryJobQueue()
    const sole = await bench.begin()
    const jobs = sole.guarded(queue)
    await jobs.enqueue('ingest', idAt(1), seconds(0))
    bench.answer = () => Promise.reject(AWAY)
    bench.pass(SERVICE_LEASE_MS - 1)
    await bench.turn()
    expect({ holds: sole.holds, held: bench.held, said: bench.said }).to.deep.equal({ holds: true, held: 1, said: [] })
    bench.pass(1)
    expect(sole.holds, 'by the time, before its timer tells').to.equal(false)
    await bench.turn()
    await bench.turn()
    expect(await jobs.lease('ingest', 'w', bench.now, 1000)).to.equal(null)
    expect({ held: bench.held, said: bench.said }).to.deep.equal({ held: 0, said: ['whether the catalogue is still this service\'s cannot be told: what is recorded waits in the spool'] })
    bench.answer = () => Promise.resolve(null)
    await bench.turn()
    expect((await jobs.lease('ingest', 'w', bench.now, 1000))?.recordingId).to.equal(idAt(1))
    expect({ held: bench.held, said: bench.said.at(-1) }).to.deep.equal({ held: 1, said: 'the catalogue is this service\'s again' })
  })

  it('takes no job once another one has the catalogue, says so once, and goes on when that one has ended', async () => {
    const bench = new Bench()
    const queue = new MemoryJobQueue()
    const sole = await bench.begin()
    await queue.enqueue('ingest', idAt(1), seconds(0))
    bench.answer = () => Promise.resolve(OTHER)
    await bench.turn()
    await bench.turn()
    expect(await sole.guarded(queue).lease('ingest', 'w', bench.now, 1000)).to.equal(null)
    expect({ holds: sole.holds, held: bench.held, said: bench.said.length }).to.deep.equal({ holds: false, held: 0, said: 1 })
    bench.answer = () => Promise.resolve(null)
    await bench.turn()
    expect({ holds: sole.holds, held: bench.held }).to.deep.equal({ holds: true, held: 1 })
  })

  it('does not ask a database that hangs again and again, and ends although it is away', async () => {
    const bench = new Bench()
    const sole = await bench.begin()
    let answer = (): void => undefined
    bench.answer = () => new Promise((_resolve, reject) => {
      answer = () => reject(AWAY)
    })
    const turns = [bench.turn(), bench.turn(), bench.turn()]
    expect(bench.asked).to.deep.equal(['run-1 start', 'run-1 later'])
    answer()
    await Promise.all(turns)
    bench.answer = () => Promise.reject(AWAY)
    await sole.stop()
    expect(bench.said).to.have.length(1)
  })
})
