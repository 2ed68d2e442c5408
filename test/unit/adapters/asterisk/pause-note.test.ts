import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pausesFromTree } from '../../../../adapters/asterisk/pause-note.ts'
import type { NativePause } from '../../../../core/ports/pbx-event.ts'
import { amiText } from '../../../support/hostile/ami-fixture.ts'

const LEG = 'siteA-1795334468.0'
const PAUSE = {
  'Action': 'pause', 'Way': 'dtmf', 'Call': 'siteA-1795334460.7', 'By': 'siteA-1795334468.1', 'Name': 'PJSIP%2Fagent-10-00000001', 'Directory': '%2Fspool',
  'Leg': LEG, 'Stopped': '1795334470.020',
}

describe('pausesFromTree', () => {
  it('reads what was paused and resumed, oldest first', () => {
    const resumed = { ...PAUSE, Action: 'resume', Stopped: '1795334480.020', Started: '1795334480.041', Recorder: '0x7f53cc005ec0' }
    const of = { type: 'native-pause', channelId: LEG, callId: 'siteA-1795334460.7', stage: 'done', way: 'dtmf', recorder: 'ended', by: { channelId: 'siteA-1795334468.1', endpoint: 'PJSIP/agent-10' } }
    expect(read({ '1795334480000': resumed, '1795334470000': PAUSE })).to.deep.equal([
      { ...of, action: 'pause', at: new Date(1_795_334_470_020), askedAt: new Date(1_795_334_470_000), stoppedAt: new Date(1_795_334_470_020), resumed: null },
      {
        ...of, action: 'resume', at: new Date(1_795_334_480_041), askedAt: new Date(1_795_334_480_000), stoppedAt: new Date(1_795_334_480_020),
        resumed: {
          files: { received: `holdfast/resumed-${LEG}.1795334480000.rx.wav`, transmitted: `holdfast/resumed-${LEG}.1795334480000.tx.wav` },
          recorderId: '0x7f53cc005ec0', startedAt: new Date(1_795_334_480_041),
        },
      },
    ])
  })

  it('tells what was left half done, and what came to nothing', () => {
    const { Stopped: _, ...begun } = PAUSE
    expect(read({ '1795334470000': begun })[0]).to.deep.include({ stage: 'done', stoppedAt: null, at: new Date(1_795_334_470_000) })
    expect(read({ '1795334470000': { ...PAUSE, Action: 'resume' } })[0]?.resumed).to.deep.include({ recorderId: null, startedAt: null })
    expect(read({ '1795334470000': { ...begun, Void: 'yes' } })[0]).to.deep.include({ stage: 'void' })
  })

  it('passes over what lies in another directory, and over what is no note of ours', () => {
    expect(read({ '1795334470000': { ...PAUSE, Directory: 'elsewhere' } })).to.deep.equal([])
    const refused: string[] = []
    for (const id of ['1', '../../../etc', '17953344700001']) expect(read({ [id]: PAUSE }, refused), id).to.deep.equal([])
    for (const words of [{ ...PAUSE, Action: 'stop' }, { ...PAUSE, Way: 'api' }, { ...PAUSE, Leg: '../x y' }, { ...PAUSE, Call: '' }, { ...PAUSE, By: '' }]) expect(read({ '1795334470000': words }, refused)).to.deep.equal([])
    expect(refused).to.have.length(8)
    expect(pausesFromTree(['', '/holdfast-pauses', `/holdfast-pauses/${LEG}/Last`, '/holdfast/a/1/Channel'].map((key) => amiText(`Event: DBGetTreeResponse\nKey: ${key}\nVal: pause`)), { refused: (reason) => refused.push(reason), isHere: () => true })).to.deep.equal([])
  })
})

function read(notes: Readonly<Record<string, Readonly<Record<string, string>>>>, refused: string[] = []): readonly NativePause[] {
  const entries = Object.entries(notes).flatMap(([id, words]) => Object.entries(words).map(([word, value]) => amiText(`Event: DBGetTreeResponse\nKey: /holdfast-pauses/${LEG}/${id}/${word}\nVal: ${value}`)))
  return pausesFromTree(entries, { refused: (reason) => refused.push(reason), isHere: (_, directory) => directory !== 'elsewhere' })
}
