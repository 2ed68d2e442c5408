import { expect } from 'chai'
import { answerText, messageText, type NodeMessage, parseAnswer, parseMessage } from '../../../../adapters/nodes/node-message.ts'
import { parseInteractionId, parseNodeName, parsePbxId, parseRecordingId } from '../../../../core/domain/ids.ts'
import type { PeerResult } from '../../../../core/ports/peer-node.ts'

const AT = new Date('2026-11-22T10:00:00.000Z')
const MESSAGE: NodeMessage = {
  commandId: '0b6d3f0e-6f0a-4b8e-9a55-0d2f6f7b8c11', from: parseNodeName('a'), to: parseNodeName('b'), sentAt: AT,
  order: { action: 'pause', interactions: [parseInteractionId('lab-1')], at: AT, asked: 'now', by: 'supervisor', how: 'api', pbxId: parsePbxId('lab'), limitMs: 60_000 },
}
const RESULT: PeerResult = { recordingId: parseRecordingId('4096'), pbxId: parsePbxId('lab'), outcome: 'failed', code: 'PBX_TIMEOUT', message: 'no answer' }

describe('messages between nodes', () => {
  it('are read as they were written', () => {
    expect(parseMessage(messageText(MESSAGE))).to.deep.equal(MESSAGE)
    expect(parseAnswer(answerText([RESULT]))).to.deep.equal([RESULT])
  })

  it('tell who asked over the API of the other node, and no more of a client than that', () => {
    const asked = { ...MESSAGE, order: { ...MESSAGE.order, client: { type: 'user', address: '192.0.2.7', label: '' } as const } }
    expect(parseMessage(messageText(asked))).to.deep.equal(asked)
    const remembered = { ...MESSAGE, order: { ...asked.order, client: { ...asked.order.client, knownAt: AT.toISOString() } } }
    expect(parseMessage(messageText(remembered))).to.deep.equal(remembered)
    for (const client of [null, {}, { ...asked.order.client, type: 'root' }, { ...asked.order.client, more: 1 }, { ...asked.order.client, knownAt: 'yesterday' }, { ...asked.order.client, address: 'x'.repeat(513) }]) {
      expect(parseMessage(JSON.stringify({ ...MESSAGE, order: { ...MESSAGE.order, client } })), JSON.stringify(client).slice(0, 200)).to.equal(null)
    }
  })

  it('are none of ours with a word that is missing, strange or too long', () => {
    const { from: _from, ...nameless } = MESSAGE
    for (const strange of [nameless, { ...MESSAGE, more: 1 }, { ...MESSAGE, to: '../b' }, { ...MESSAGE, order: { ...MESSAGE.order, limitMs: 0 } }, { ...MESSAGE, order: { ...MESSAGE.order, by: 'x'.repeat(513) } }]) {
      expect(parseMessage(JSON.stringify(strange)), JSON.stringify(strange).slice(0, 200)).to.equal(null)
    }
    expect(parseMessage('{')).to.equal(null)
  })

  it('tell no errors but ours, whatever an object has by itself', () => {
    for (const code of ['NO_SUCH_CODE', 'toString', '__proto__']) expect(parseAnswer(JSON.stringify({ results: [{ ...RESULT, code }] })), code).to.equal(null)
  })
})
