import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester } from '../../../../../core/domain/actor.ts'
import { parseInteractionId, parseTokenId } from '../../../../../core/domain/ids.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench, OPERATOR } from '../library-bench.ts'

const ANY = { recordingId: null, interactionId: null }

async function supervisor(bench: LibraryBench): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.1')
}

describe('the live feed', () => {
  it('tells changes of what may be seen, and nothing of the rest', async () => {
    const bench = await LibraryBench.open()
    const foreign = await bench.recording({ partitions: ['/support'] })
    const own = await bench.recording()
    const stop = new AbortController()
    const feed = bench.library.liveFeed.watch(await supervisor(bench), ANY, stop.signal)
    const next = feed.next()
    bench.changes.publish(foreign)
    bench.changes.publish(own)
    expect((await next).value?.recording.id).to.equal(own)
    stop.abort()
    expect((await feed.next()).done).to.equal(true)
  })

  it('tells only of the recording or the interaction that was asked for', async () => {
    const bench = await LibraryBench.open()
    const other = await bench.recording({ interaction: 'other' })
    const wanted = await bench.recording({ interaction: 'talk' })
    const requester = await supervisor(bench)
    for (const filter of [{ ...ANY, recordingId: wanted }, { ...ANY, interactionId: parseInteractionId('talk') }]) {
      const stop = new AbortController()
      const feed = bench.library.liveFeed.watch(requester, filter, stop.signal)
      const next = feed.next()
      bench.changes.publish(other)
      bench.changes.publish(wanted)
      expect((await next).value?.recording.id).to.equal(wanted)
      stop.abort()
      await feed.next()
    }
  })

  it('ends with its token', async () => {
    const bench = await LibraryBench.open()
    const id = await bench.recording()
    const requester = await supervisor(bench)
    const feed = bench.library.liveFeed.watch(requester, ANY, new AbortController().signal)
    const next = feed.next()
    await bench.mint.revoke(parseTokenId(requester.actor.id), OPERATOR)
    bench.changes.publish(id)
    await expectCode(next, 'UNAUTHENTICATED')
  })

  it('ends at its signal although nothing happens', async () => {
    const bench = await LibraryBench.open()
    const stop = new AbortController()
    const feed = bench.library.liveFeed.watch(await supervisor(bench), ANY, stop.signal)
    const next = feed.next()
    stop.abort()
    expect((await next).done).to.equal(true)
  })

  it('is bounded for each token, and a place that is left is free again', async () => {
    const bench = await LibraryBench.open()
    const requester = await supervisor(bench)
    const stop = new AbortController()
    const open = Array.from({ length: 16 }, () => bench.library.liveFeed.watch(requester, ANY, stop.signal))
    const waiting = open.map((feed) => feed.next())
    await expectCode(bench.library.liveFeed.watch(requester, ANY, stop.signal).next(), 'RATE_LIMITED')
    stop.abort()
    await Promise.all(waiting)
    const again = new AbortController()
    const feed = bench.library.liveFeed.watch(requester, ANY, again.signal)
    const next = feed.next()
    again.abort()
    expect((await next).done).to.equal(true)
  })
})
