import { expect } from 'chai'
import { describe, it } from 'mocha'
import { SerialByKey } from '../../../../../core/capture/calls/serial.ts'

describe('tasks that follow one another under their keys', () => {
  it('do not wait in a circle, in whatever order two of them name the same keys', async () => {
    const serial = new SerialByKey()
    const done: string[] = []
    const note = (name: string) => async () => await Promise.resolve(void done.push(name))
    const first = Promise.withResolvers<void>()
    void serial.run('1.9', () => first.promise)
    const both = [serial.runUnder(['1.9', '1.10'], note('one')), serial.runUnder(['1.10', '1.9'], note('other'))]
    first.resolve()
    await Promise.all(both)
    expect(done).to.deep.equal(['one', 'other'])
  })

  it('are not overtaken under one key while they wait for their turn under another', async () => {
    const serial = new SerialByKey()
    const done: string[] = []
    const slow = Promise.withResolvers<void>()
    void serial.run('slow', () => slow.promise)
    void serial.runUnder(['slow', 'call'], async () => await Promise.resolve(void done.push('both')))
    const behind = serial.run('call', async () => await Promise.resolve(void done.push('behind')))
    slow.resolve()
    await behind
    expect(done).to.deep.equal(['both', 'behind'])
  })

  it('go on after one that failed', async () => {
    const serial = new SerialByKey()
    const failed = serial.runUnder(['a', 'b'], async () => await Promise.reject(new Error('failed')))
    const next = serial.run('b', async () => await Promise.resolve('next'))
    expect(await failed.catch((error: unknown) => String(error))).to.equal('Error: failed')
    expect(await next).to.equal('next')
    await serial.idle()
  })
})
