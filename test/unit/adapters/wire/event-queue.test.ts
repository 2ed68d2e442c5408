import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { EventQueue } from '../../../../adapters/wire/event-queue.ts'

describe('EventQueue', () => {
  let nowMs: number
  let dropped: number[]
  let queue: EventQueue<number>

  beforeEach(() => {
    nowMs = 0
    dropped = []
    queue = new EventQueue<number>({ clock: { now: () => new Date(nowMs) }, highWaterMark: 3, outdates: (event) => (event < 0 ? String(Math.trunc(event)) : null), dropped: (event) => dropped.push(event) })
  })

  it('gives events in their order, those that were pushed before and after it was read', async () => {
    queue.push(1)
    const read = collect()
    queue.push(2)
    await Promise.resolve()
    queue.push(3)
    queue.end()
    expect(await read).to.deep.equal([1, 2, 3])
  })

  it('delivers what waits when it ends, and takes nothing after it', async () => {
    queue.push(1)
    queue.end()
    queue.push(2)
    expect(await collect()).to.deep.equal([1])
  })

  it('drops beyond its mark what a newer event outdates, tells of it, and keeps everything else', async () => {
    for (const event of [1, -1.1, -1.2, 2, -1.3, -2.1, 3, -2.2, 4]) queue.push(event)
    queue.end()
    expect(await collect()).to.deep.equal([1, -1.1, 2, -1.3, 3, -2.2, 4])
    expect(dropped).to.deep.equal([-1.2, -2.1])
  })

  it('counts and keeps nothing of what it has dropped, however much that is', async () => {
    for (const event of [1, 2, 3]) queue.push(event)
    for (let value = 1; value <= 100_000; value += 1) queue.push(-1 - value / 1e6)
    queue.push(4)
    expect(queue.length).to.equal(5)
    expect(dropped.length).to.equal(99_999)
    queue.end()
    expect(await collect()).to.deep.equal([1, 2, 3, -1.1, 4])
  })

  it('gives every value again as soon as it is short again', async () => {
    for (const event of [1, 2, 3, -1.1, -1.2]) queue.push(event)
    const events = queue[Symbol.asyncIterator]()
    for (const expected of [1, 2, 3, -1.2]) expect((await events.next()).value).to.equal(expected)
    for (const event of [-1.3, -1.4]) queue.push(event)
    for (const expected of [-1.3, -1.4]) expect((await events.next()).value).to.equal(expected)
  })

  it('knows for how long its oldest event has been waiting', async () => {
    expect(queue.stalledMs()).to.equal(0)
    queue.push(1)
    nowMs = 500
    queue.push(2)
    expect(queue.stalledMs()).to.equal(500)
    queue.end()
    await collect()
    expect([queue.stalledMs(), queue.length]).to.deep.equal([0, 0])
  })

  it('keeps order and number over a hundred thousand events with a slow reader', async () => {
    const count = 100_000
    const read = collect()
    for (let event = 0; event < count; event += 1) {
      queue.push(event)
      if (event % 1000 === 0) await Promise.resolve()
    }
    queue.end()
    const events = await read
    expect(events.length).to.equal(count)
    expect(events.every((event, index) => event === index)).to.equal(true)
  })

  async function collect(): Promise<readonly number[]> {
    const events: number[] = []
    for await (const event of queue) events.push(event)
    return events
  }
})
