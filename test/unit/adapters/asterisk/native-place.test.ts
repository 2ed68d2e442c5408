import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { NativePlace } from '../../../../adapters/asterisk/native-place.ts'
import { parseChannelId, parsePbxId } from '../../../../core/domain/ids.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const CHANNEL = parseChannelId('siteA-1795334468.0')

describe('NativePlace', () => {
  let runtime: ReturnType<typeof quietRuntime>
  let place: NativePlace

  beforeEach(() => {
    runtime = quietRuntime()
    place = new NativePlace({ pbxId: parsePbxId('lab'), recordingDirectory: '/spool/recording', runtime })
  })

  for (const noted of [null, '%2Fspool%2Frecording', '%2Fspool%2Frecording%2F', '%2Fspool%2F%2Frecording', '/spool/./recording']) {
    it(`knows ${noted ?? 'a note without a directory'} for ours`, () => {
      expect(place.isHere(CHANNEL, noted)).to.equal(true)
      expect(place.isNoteNeeded(CHANNEL)).to.equal(false)
      expect(runtime.counted.get('holdfast_native_elsewhere_total')).to.equal(undefined)
    })
  }

  for (const noted of ['', '%2Fspool', '%2Fspool%2Frecording2', 'spool%2Frecording', '%2Fspool%2Frecording%2Fholdfast', '%FF%00', `%2F${'x'.repeat(5000)}`]) {
    it(`tells of ${noted.slice(0, 40) || 'an empty directory'}, and keeps its note`, () => {
      expect(place.isHere(CHANNEL, noted)).to.equal(false)
      expect(place.isNoteNeeded(CHANNEL)).to.equal(true)
      expect(runtime.counted.get('holdfast_native_elsewhere_total')).to.equal(1)
    })
  }

  it('keeps the notes of a channel of which one lies elsewhere and one does not, until all are told anew', () => {
    place.isHere(CHANNEL, '%2Felsewhere')
    place.isHere(CHANNEL, '%2Fspool%2Frecording')
    expect(place.isNoteNeeded(CHANNEL)).to.equal(true)
    place.clear()
    expect(place.isNoteNeeded(CHANNEL)).to.equal(false)
  })
})
