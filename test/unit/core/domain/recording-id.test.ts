import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { parseChannelId, parseInteractionId, parsePbxId, parseRecordingId } from '../../../../core/domain/ids.ts'
import { firstRecordingIdAt, MAX_NODE_NUMBER, nextRecordingId, recordingIdRange, recordingIdTime } from '../../../../core/domain/recording-id.ts'

const instant = fc.date({ min: new Date('2020-01-02T00:00:00Z'), max: new Date('2080-01-01T00:00:00Z'), noInvalidDate: true })
const node = fc.integer({ min: 0, max: MAX_NODE_NUMBER })

describe('recording ids', () => {
  it('tell the instant, are ordered by it and stay exact in a number', () => {
    fc.assert(fc.property(instant, node, (at, number) => {
      const id = firstRecordingIdAt(at, number)
      expect(recordingIdTime(id).getTime()).to.equal(at.getTime())
      expect(Number.isSafeInteger(Number(id))).to.equal(true)
      const { least, beyond } = recordingIdRange(at, new Date(at.getTime() + 1))
      expect(Number(id)).to.be.at.least(least).and.below(beyond)
    }))
  })

  it('count 64 in a millisecond and then go to the next, never to another node', () => {
    fc.assert(fc.property(instant, node, (at, number) => {
      let id = firstRecordingIdAt(at, number)
      for (let count = 0; count < 64; count += 1) id = nextRecordingId(id)
      expect(id).to.equal(firstRecordingIdAt(new Date(at.getTime() + 1), number))
    }))
  })
})

describe('id parsers', () => {
  const refused = { code: 'MALFORMED_ID' }
  for (const text of ['', '0', '01', '-1', '1.5', '1e3', '99999999999999999', '../7', '7\n', ' 7']) {
    it(`refuse ${JSON.stringify(text)} as a recording`, () => {
      expect(() => parseRecordingId(text)).to.throw().and.include(refused)
    })
  }

  it('refuse path parts, line breaks and blanks where a name becomes a file name or a wire field', () => {
    for (const text of ['../x', 'a b', 'a\r\nb', '', 'A', 'ä']) expect(() => parsePbxId(text), text).to.throw().and.include(refused)
    for (const text of ['', 'a b', 'a\r\nAction: x', 'ä', 'x'.repeat(151)]) expect(() => parseChannelId(text), text).to.throw().and.include(refused)
    for (const text of ['', '.x', 'a/b', 'x'.repeat(97)]) expect(() => parseInteractionId(text), text).to.throw().and.include(refused)
  })

  it('never repeat the refused text', () => {
    expect(() => parseRecordingId('secret\r\n')).to.throw().and.satisfy((error: Error) => !JSON.stringify(error).includes('secret') && !error.message.includes('secret'))
  })
})
