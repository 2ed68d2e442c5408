import { describe, it } from 'mocha'
import { expect } from 'chai'
import type { RecordingId } from '../../../../core/domain/ids.ts'
import { InProcessRecordingChanges } from '../../../../core/store/in-process-recording-changes.ts'
import { idAt } from '../../../support/recording-facts.ts'

describe('InProcessRecordingChanges', () => {
  it('tells every reader of every change, from the subscription on', async () => {
    const changes = new InProcessRecordingChanges()
    const leave = new AbortController()
    changes.publish(idAt(0))
    const [one, other] = [changes.subscribe(leave.signal), changes.subscribe(leave.signal)]
    changes.publish(idAt(1))
    changes.publish(idAt(2))
    expect(await take(one, 2)).to.deep.equal([idAt(1), idAt(2)])
    expect(await take(other, 2)).to.deep.equal([idAt(1), idAt(2)])
    leave.abort()
  })

  it('wakes a reader that waits', async () => {
    const changes = new InProcessRecordingChanges()
    const read = take(changes.subscribe(new AbortController().signal), 1)
    await Promise.resolve()
    changes.publish(idAt(3))
    expect(await read).to.deep.equal([idAt(3)])
  })

  it('tells of a recording once that changed often before it was read', async () => {
    const changes = new InProcessRecordingChanges()
    const reader = changes.subscribe(new AbortController().signal)
    for (const id of [idAt(1), idAt(1), idAt(2), idAt(1)]) changes.publish(id)
    expect(await take(reader, 2)).to.deep.equal([idAt(1), idAt(2)])
  })

  it('drops the oldest for a reader that does not read', async () => {
    const changes = new InProcessRecordingChanges()
    const reader = changes.subscribe(new AbortController().signal)
    for (let index = 0; index < 1030; index += 1) changes.publish(idAt(index))
    expect(await take(reader, 1)).to.deep.equal([idAt(6)])
  })

  it('ends when the signal is aborted, also for a reader that waits', async () => {
    const changes = new InProcessRecordingChanges()
    const leave = new AbortController()
    const read = take(changes.subscribe(leave.signal), 1)
    await Promise.resolve()
    leave.abort()
    expect(await read).to.deep.equal([])
    expect(await take(changes.subscribe(leave.signal), 1)).to.deep.equal([])
  })
})

async function take(ids: AsyncIterable<RecordingId>, count: number): Promise<readonly RecordingId[]> {
  const taken: RecordingId[] = []
  for await (const id of ids) {
    taken.push(id)
    if (taken.length === count) break
  }
  return taken
}
