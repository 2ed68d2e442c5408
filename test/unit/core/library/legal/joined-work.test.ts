import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { JoinedWork } from '../../../../../core/library/legal/joined-work.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { seconds } from '../../../../support/recording-facts.ts'

const HERE = new AbortController().signal

describe('JoinedWork', () => {
  let now: Date
  let patience: AbortController
  let begun: string[]
  let joined: JoinedWork<string>
  let open: PromiseWithResolvers<string>
  beforeEach(() => {
    now = seconds(0)
    patience = new AbortController()
    begun = []
    open = Promise.withResolvers()
    joined = new JoinedWork({ clock: { now: () => now }, patience: () => patience.signal })
  })

  const ask = (key: string, gone = HERE): Promise<string> => joined.join(key, async ({ onProgress }) => {
    begun.push(key)
    onProgress(3, 10)
    return await open.promise
  }, gone)
  /** Asks, and waits until patience is over. */
  const tooLong = async (key: string): Promise<void> => {
    patience = new AbortController()
    const asked = ask(key)
    await Promise.resolve()
    patience.abort()
    await expectCode(asked, 'QUERY_TIMEOUT')
    patience = new AbortController()
  }

  it('answers whoever waits, and begins anew for the next question', async () => {
    open.resolve('done')
    expect([await ask('a'), await ask('a')]).to.deep.equal(['done', 'done'])
    expect(begun).to.deep.equal(['a', 'a'])
  })

  it('goes on when somebody has waited long enough, says how far it is, and answers who asks again', async () => {
    await tooLong('a')
    const again = ask('a')
    open.resolve('done')
    expect([await again, begun]).to.deep.equal(['done', ['a']])
    patience = new AbortController()
    patience.abort()
    open = Promise.withResolvers()
    const told = await ask('b').then(() => '', (error: unknown) => String(error))
    expect(told).to.include('of 10 recordings').and.to.include('ask again')
  })

  it('goes on when whoever asked is gone, and keeps its answer for a minute', async () => {
    const gone = new AbortController()
    const asked = ask('a', gone.signal)
    gone.abort()
    await expectCode(asked, 'QUERY_TIMEOUT')
    open.resolve('first')
    await open.promise
    await new Promise((resolve) => setImmediate(resolve))
    now = seconds(60)
    expect([await ask('a'), begun.length]).to.deep.equal(['first', 1])
  })

  it('forgets an answer that nobody fetched', async () => {
    await tooLong('a')
    open.resolve('old')
    await new Promise((resolve) => setImmediate(resolve))
    now = seconds(61)
    open = Promise.withResolvers()
    open.resolve('new')
    expect([await ask('a'), begun]).to.deep.equal(['new', ['a', 'a']])
  })

  it('does one thing at a time, and tells a failure to whoever asked, once', async () => {
    await tooLong('a')
    await expectCode(ask('b'), 'RATE_LIMITED')
    open.reject(new TypeError('broken'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await ask('a').then(() => 'no', String)).to.include('broken')
    open = Promise.withResolvers()
    open.resolve('done')
    expect(await ask('b')).to.equal('done')
  })
})
