import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { RecorderWatch } from '../../../../adapters/freeswitch/recorder-watch.ts'
import { parseCallId, parseChannelId, parsePbxId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const channelId = parseChannelId('leg-1')
const FILE = 'holdfast/4096.0.wav'

describe('the watch over recorders on a FreeSWITCH', () => {
  let nowMs: number
  let sizeBytes: number | null
  let faults: string[]
  let begun: string[]
  let watch: RecorderWatch

  beforeEach(() => {
    nowMs = 1_795_326_065_000
    sizeBytes = 44
    faults = []
    begun = []
    const runtime = quietRuntime(() => new Date(nowMs))
    watch = new RecorderWatch({
      pbxId: parsePbxId('fs'),
      runtime: { ...runtime, metrics: { ...runtime.metrics, count: (name, labels) => void faults.push(`${name} ${labels?.['fault']}`) } },
      spool: { stat: async (name) => sizeBytes === null ? null : { name, sizeBytes, modifiedAt: new Date(nowMs) } },
      begin: (file) => void begun.push(file),
    })
  })

  it('has nothing to say of a recorder whose file grows', async () => {
    watch.running(FILE, channelId)
    for (let second = 0; second < 60; second += 2) await after(2000, { grownBy: 64_000 })
    expect(faults).to.deep.equal([])
  })

  it('tells once of a file that does not grow, though FreeSWITCH told that it records: bypass media', async () => {
    watch.running(FILE, channelId)
    for (let second = 0; second < 20; second += 2) await after(2000)
    expect(faults).to.deep.equal(['holdfast_recorder_faults_total standing-still'])
  })

  it('tells again of one that had gone on meanwhile', async () => {
    watch.running(FILE, channelId)
    await after(7000)
    await after(7000)
    await after(2000, { grownBy: 1000 })
    await after(7000)
    expect(faults).to.have.length(2)
  })

  it('takes the hold of a telephone for a good reason to stand still, and its end for none', async () => {
    watch.running(FILE, channelId)
    await after(2000, { grownBy: 1000 })
    watch.note(event('held'))
    await after(60_000)
    expect(faults).to.deep.equal([])
    watch.note(event('unheld'))
    await after(5000)
    expect(faults).to.deep.equal([])
    await after(2000)
    expect(faults).to.have.length(1)
  })

  it('tells of a file that somebody took away', async () => {
    watch.running(FILE, channelId)
    sizeBytes = null
    await after(7000)
    expect(faults).to.deep.equal(['holdfast_recorder_faults_total file-missing'])
  })

  it('begins by hand what did not begin with the answer of its leg, once', async () => {
    watch.armed(FILE, channelId)
    await after(60_000)
    expect(begun, 'it rings').to.deep.equal([])
    watch.note(event('channel-answered'))
    await after(1000)
    expect(begun).to.deep.equal([])
    await after(1000)
    await after(1000)
    expect(begun).to.deep.equal([FILE])
    expect(faults).to.deep.equal(['holdfast_recorder_faults_total not-started'])
  })

  it('is content with one that begins with the answer of its leg', async () => {
    watch.armed(FILE, channelId)
    watch.note(event('channel-answered'))
    watch.running(FILE, channelId)
    await after(3000, { grownBy: 1000 })
    expect([...faults, ...begun]).to.deep.equal([])
  })

  it('tells once of a disk that is full, by the lines of the log, and not again at the end', async () => {
    watch.running(FILE, channelId)
    watch.writeFailed(FILE)
    watch.writeFailed(FILE)
    watch.stopped(FILE, 'uri-failure')
    expect(faults).to.deep.equal(['holdfast_recorder_faults_total write-failed'])
  })

  for (const cause of ['empty-file', 'input-too-short']) {
    it(`tells of a file that FreeSWITCH threw away: ${cause}`, () => {
      watch.running(FILE, channelId)
      nowMs += 5000
      watch.stopped(FILE, cause)
      expect(faults).to.deep.equal(['holdfast_recorder_faults_total discarded'])
    })
  }

  it('misses nothing of a leg that ends on hold, or as it is taken off hold, and a file that is empty a while after that', () => {
    for (const [unheld, fault] of [[null, 0], [300, 0], [2000, 1]] as const) {
      watch.note(event('held'))
      watch.running(FILE, channelId)
      nowMs += 5000
      if (unheld !== null) watch.note(event('unheld'))
      nowMs += unheld ?? 0
      watch.stopped(FILE, 'empty-file')
      expect(faults, `${unheld}`).to.have.length(fault)
    }
  })

  it('misses nothing of who hung up at once, nor where FreeSWITCH calls a good end what it likes', () => {
    watch.running(FILE, channelId)
    watch.stopped(FILE, 'empty-file')
    for (const cause of ['success-maxtime', 'success-silence', 'no-input-timeout', null]) {
      watch.running(FILE, channelId)
      nowMs += 5000
      watch.stopped(FILE, cause)
    }
    expect(faults).to.deep.equal([])
  })

  it('forgets what was armed with its leg, what runs at its own end, and all with the link', async () => {
    watch.armed(FILE, channelId)
    watch.note(event('hangup'))
    expect(watch.stateOf(FILE, channelId)).to.equal(null)
    watch.running(FILE, channelId)
    watch.note(event('hangup'))
    expect(watch.stateOf(FILE, channelId), 'FreeSWITCH tells of the hangup first').to.equal('running')
    watch.stopped(FILE, 'success-silence')
    expect(watch.stateOf(FILE, channelId)).to.equal(null)
    watch.running(FILE, channelId)
    watch.forgetAll()
    await after(60_000)
    expect(faults).to.deep.equal([])
  })

  it('forgets what runs a minute after its leg has gone, where nothing tells of its end, and misses no file of it', async () => {
    watch.running(FILE, channelId)
    watch.note(event('hangup'))
    await after(59_999)
    expect(watch.stateOf(FILE, channelId)).to.equal('running')
    await after(1)
    expect(watch.stateOf(FILE, channelId)).to.equal(null)
    expect(faults).to.deep.equal([])
  })

  it('says nothing of a recorder because its spool cannot be seen', async () => {
    const runtime = quietRuntime(() => new Date(nowMs))
    const blind = new RecorderWatch({ pbxId: parsePbxId('fs'), runtime, spool: { stat: () => Promise.reject(new Error('not mounted')) }, begin: () => undefined })
    blind.running(FILE, channelId)
    nowMs += 60_000
    await blind.look()
    expect(runtime.counted.size).to.equal(0)
  })

  async function after(ms: number, { grownBy = 0 } = {}): Promise<void> {
    nowMs += ms
    if (sizeBytes !== null) sizeBytes += grownBy
    await watch.look()
  }

  function event(type: 'held' | 'unheld' | 'channel-answered'): PbxEvent
  function event(type: 'hangup'): PbxEvent
  function event(type: 'held' | 'unheld' | 'channel-answered' | 'hangup'): PbxEvent {
    const of = { channelId, callId: parseCallId('call-1'), at: new Date(nowMs) }
    return type === 'hangup' ? { type, ...of, causeQ850: 16 } : { type, ...of }
  }
})
