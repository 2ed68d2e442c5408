import { expect } from 'chai'
import { describe, it } from 'mocha'
import { MACHINE_TIME, REST_MS, RunPace, type RunTime, WORK_MS } from '../../../../core/retention/run-pace.ts'

/** What SQLite waits at most before it looks again. Source: SQLite main.c, sqliteDefaultBusyCallback */
const SQLITE_LOOKS_AGAIN_MS = 100
const SIGNAL = new AbortController().signal

class TurnedTime implements RunTime {
  ms = 0
  readonly pauses: { readonly atMs: number; readonly ms: number }[] = []
  readonly nowMs = (): number => this.ms
  readonly pause = (ms: number): Promise<void> => {
    this.pauses.push({ atMs: this.ms, ms })
    this.ms += ms
    return Promise.resolve()
  }
}

async function worked({ items, itemMs, perSecond }: { readonly items: number; readonly itemMs: number; readonly perSecond: number }): Promise<TurnedTime> {
  const time = new TurnedTime()
  const pace = new RunPace(time, perSecond)
  for (let item = 0; item < items; item += 1) {
    const beganMs = pace.nowMs()
    time.ms += itemMs
    await pace.afterItem(beganMs, SIGNAL)
  }
  return time
}

describe('the pace of a retention run', () => {
  it('rests longer than whoever waits for a SQLite file takes to look again', () => {
    expect(REST_MS).to.be.above(SQLITE_LOOKS_AGAIN_MS)
  })

  it('at full speed has a rest after each stretch of work, and none within', async () => {
    const { pauses } = await worked({ items: 300, itemMs: 10, perSecond: 10_000 })
    expect(pauses.map(({ ms }) => ms)).to.deep.equal(Array(6).fill(REST_MS))
    expect(pauses.map(({ atMs }) => atMs)).to.deep.equal(Array.from({ length: 6 }, (_, index) => WORK_MS + index * (WORK_MS + REST_MS)))
  })

  it('rests after a single item that took longer than a stretch', async () => {
    expect((await worked({ items: 2, itemMs: 2 * WORK_MS, perSecond: 10_000 })).pauses.map(({ ms }) => ms)).to.deep.equal([REST_MS, REST_MS])
  })

  it('keeps its rate: what a rest took beyond it, the next items do not wait', async () => {
    const { ms, pauses } = await worked({ items: 200, itemMs: 20, perSecond: 20 })
    expect(ms).to.be.within(200 * 50, 200 * 50 + REST_MS)
    const rests = pauses.filter((pause) => pause.ms >= REST_MS).map(({ atMs }) => atMs)
    expect(rests).to.have.length.above(10)
    for (const [index, atMs] of rests.entries()) expect(atMs - (rests[index - 1] ?? 0)).to.be.at.most(REST_MS + WORK_MS + 50)
  })

  it('takes a pause that its rate asks for as a rest, where it is as long', async () => {
    expect((await worked({ items: 10, itemMs: 1, perSecond: 1 })).pauses.map(({ ms }) => ms)).to.deep.equal(Array(10).fill(999))
  })

  it('has a rest between pages, where one is due', async () => {
    const time = new TurnedTime()
    const pace = new RunPace(time, 20)
    for (let page = 0; page < 6; page += 1) {
      time.ms += WORK_MS / 2
      await pace.afterPage(SIGNAL)
    }
    expect(time.pauses.map(({ ms }) => ms)).to.deep.equal([REST_MS, REST_MS, REST_MS])
  })

  it('gives way to everything else in its process, and ends a pause when it is told to', async () => {
    let turn = 'not yet'
    setImmediate(() => { turn = 'had' })
    await MACHINE_TIME.pause(5, SIGNAL)
    expect(turn).to.equal('had')
    await MACHINE_TIME.pause(3_600_000, AbortSignal.abort())
  })
})
