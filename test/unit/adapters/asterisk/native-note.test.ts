import { expect } from 'chai'
import { describe, it } from 'mocha'
import { nativesFromTree } from '../../../../adapters/asterisk/native-note.ts'
import type { NativeRecording } from '../../../../core/ports/pbx-event.ts'
import { amiText } from '../../../support/hostile/ami-fixture.ts'

const NOW = new Date('2026-11-22T08:00:00Z')
const WHOLE = {
  '1/Channel': 'siteA-1795334468.0', '1/Call': 'siteA-1795334460.7', '1/Because': 'no-answer', '1/Started': '1795334468.596', '1/Recorder': '0x7f53cc005ec0',
  '1/Caller': '123', '1/CallerName': 'Ne%2529%3A1', '1/Dialled': '100', '1/Announced': 'custom%2Frecorded:played:1795334460.100:1795334462.300', '1/Direction': 'outbound', '1/Interaction': 'i-1',
  '1/data/record/0': 'source', '1/data/NOTE/1': '%C3', '1/data/NOTE/0': 'a', '1/data/NOTE/2': '%A9', '1/headers/CLASS/0': 'go', '1/headers/CLASS/1': 'ld',
}

describe('nativesFromTree', () => {
  it('reads a note whole, the pieces of a value in their order', () => {
    expect(read(WHOLE)).to.deep.equal([{
      type: 'native-recording', channelId: 'siteA-1795334468.0', callId: 'siteA-1795334460.7', at: new Date(1_795_334_468_596), because: 'no-answer',
      files: { received: 'holdfast/native-siteA-1795334468.0.1.rx.wav', transmitted: 'holdfast/native-siteA-1795334468.0.1.tx.wav' },
      recorderId: '0x7f53cc005ec0', began: 'yes', direction: 'outbound', caller: { number: '123', name: 'Ne):1' }, dialled: '100', attached: { record: 'source', NOTE: 'aé' }, headers: { CLASS: 'gold' }, interactionId: 'i-1',
      announcement: { prompt: 'custom/recorded', outcome: 'played', startedAt: new Date(1_795_334_460_100), endedAt: new Date(1_795_334_462_300) },
    }])
  })

  it('takes what is there of a note that the end of the call cut short', () => {
    expect(read({ '1/Channel': 'siteA-1795334468.0' })).to.deep.equal([{
      type: 'native-recording', channelId: 'siteA-1795334468.0', callId: 'siteA-1795334468.0', at: new Date(1_795_334_468_000), because: 'stale-heartbeat',
      files: { received: 'holdfast/native-siteA-1795334468.0.1.rx.wav', transmitted: 'holdfast/native-siteA-1795334468.0.1.tx.wav' },
      recorderId: null, began: 'yes', direction: 'inbound', caller: { number: null, name: null }, dialled: null, attached: {}, headers: {}, interactionId: null, announcement: null,
    }])
  })

  it('passes over a note of a live call that is not whole yet: its event follows', () => {
    expect(read(WHOLE, 'live')).to.deep.equal([])
    expect(read({ ...WHOLE, '1/Whole': 'yes' }, 'live')).to.have.length(1)
  })

  it('tells the recordings of one channel apart', () => {
    const two = read({ '1/Channel': 'siteA-1795334468.0', '2/Channel': 'siteA-1795334468.0' })
    expect(two.map(({ files }) => files.received)).to.deep.equal(['holdfast/native-siteA-1795334468.0.1.rx.wav', 'holdfast/native-siteA-1795334468.0.2.rx.wav'])
  })

  it('passes over a note of what lies in another directory', () => {
    expect(read({ ...WHOLE, '1/Directory': 'elsewhere' })).to.deep.equal([])
    expect(read({ ...WHOLE, '1/Directory': 'elsewhere', '2/Channel': 'siteA-1795334468.0' }).map(({ files }) => files.received)).to.deep.equal(['holdfast/native-siteA-1795334468.0.2.rx.wav'])
  })

  it('leaves out a value that was cut', () => {
    expect(read({ ...WHOLE, '1/data/NOTE/cut': 'x' })[0]?.attached).to.deep.equal({ record: 'source' })
  })

  it('passes over what is no note of ours, and counts what is half of one', () => {
    const refused: string[] = []
    const entries = ['/other/a/1/Channel', '/holdfast', '/holdfast/a', '/holdfast/a/../Channel', '/holdfast/a/99999/Channel', '', '/holdfast/b/1/Because', '/holdfast/c/1/Channel']
    expect(nativesFromTree(entries.map((key) => amiText(`Event: DBGetTreeResponse\nKey: ${key}\nVal: a b`)), { now: () => NOW, refused: (reason) => refused.push(reason), isLive: () => false, isHere: () => true })).to.deep.equal([])
    expect(refused).to.deep.equal(['request', 'request'])
  })
})

function read(words: Readonly<Record<string, string>>, call: 'live' | 'over' = 'over'): readonly NativeRecording[] {
  const entries = Object.entries(words).map(([key, value]) => amiText(`Event: DBGetTreeResponse\nKey: /holdfast/siteA-1795334468.0/${key}\nVal: ${value}`))
  return nativesFromTree(entries, { now: () => NOW, refused: () => undefined, isLive: () => call === 'live', isHere: (_, directory) => directory !== 'elsewhere' })
}
