import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { RecorderTimes } from '../../../../adapters/asterisk/recorder-times.ts'
import { parseCallId, parseChannelId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'

const channelId = parseChannelId('1.1')
const AT = new Date(1_795_326_065_000)

describe('RecorderTimes', () => {
  let times: RecorderTimes

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    times = new RecorderTimes()
  })
  afterEach(() => mock.timers.reset())

  it('takes the time of an event that comes before the reply', async () => {
    const { promise: reply, resolve } = Promise.withResolvers<string>()
    const done = times.during({ channelId, step: 'started' }, () => reply)
    times.note(event('recorder-started'))
    resolve('reply')
    expect(await done).to.deep.equal({ result: 'reply', at: AT })
  })

  it('takes the time of an event that comes shortly after it', async () => {
    const done = times.during({ channelId, step: 'stopped' }, async () => 'reply')
    await turns()
    times.note(event('recorder-stopped'))
    expect((await done).at).to.deep.equal(AT)
  })

  it('does without where none comes', async () => {
    const done = times.during({ channelId, step: 'stopped' }, async () => 'reply')
    await turns()
    mock.timers.tick(100)
    expect(await done).to.deep.equal({ result: 'reply', at: null })
  })

  it('waits longer for the proof of a silence, and takes no half of it', async () => {
    const done = times.during({ channelId, step: 'muted' }, async () => 'reply', 2000)
    await turns()
    mock.timers.tick(1999)
    times.note({ type: 'recorder-muted', muted: 'read', channelId, callId: parseCallId('1.1'), at: new Date(0) })
    times.note({ type: 'recorder-muted', muted: 'both', channelId, callId: parseCallId('1.1'), at: AT })
    expect((await done).at).to.deep.equal(AT)
  })

  it('takes neither another step nor another channel for its own', async () => {
    const done = times.during({ channelId, step: 'muted' }, async () => 'reply')
    times.note(event('recorder-started'))
    times.note({ type: 'recorder-muted', muted: 'none', channelId, callId: parseCallId('1.1'), at: AT })
    times.note({ type: 'recorder-muted', muted: 'both', channelId: parseChannelId('2.2'), callId: parseCallId('1.1'), at: AT })
    await turns()
    mock.timers.tick(100)
    expect((await done).at).to.equal(null)
  })

  it('throws what the work throws, and expects nothing after it', async () => {
    const thrown = await times.during({ channelId, step: 'started' }, () => Promise.reject(new Error('refused'))).catch((error: unknown) => error)
    expect(thrown).to.have.property('message', 'refused')
    const done = times.during({ channelId, step: 'started' }, async () => 'reply')
    times.note(event('recorder-started'))
    expect((await done).at).to.deep.equal(AT)
  })
})

function event(type: 'recorder-started' | 'recorder-stopped'): PbxEvent {
  return { type, channelId, callId: parseCallId('1.1'), at: AT }
}

/** Lets what is due in this moment happen; the clock stands still. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}
