import { expect } from 'chai'
import { describe, it } from 'mocha'
import { messageText, parseMessage } from '../../../adapters/nodes/node-message.ts'
import { withPlainClient } from '../../../cli/plain-client.ts'
import { parseInteractionId, parseNodeName, parsePbxId } from '../../../core/domain/ids.ts'
import type { PeerOrder } from '../../../core/ports/peer-node.ts'

const CLIENT = { type: 'token', address: '192.0.2.7', label: 'desk' } as const
const INTERACTIONS = [parseInteractionId('talk')]
const AT = new Date(0)

/** The order as another node reads it. */
async function read(order: PeerOrder): Promise<PeerOrder | undefined> {
  const sent: PeerOrder[] = []
  const peer = withPlainClient({ name: parseNodeName('b'), pbxIds: [], send: async (each) => {
    sent.push(each)
    return await Promise.resolve([])
  } })
  await peer.send(order, AbortSignal.timeout(1000))
  return sent.map((each) => parseMessage(messageText({ commandId: '7f1f4e0c-3c56-4f4c-8f1e-0d2f7a3f2b11', from: parseNodeName('a'), to: peer.name, sentAt: AT, order: each }))?.order)[0]
}

describe('the client of an order to another node', () => {
  it('is told in words that every node reads, also of whoever was let in by what was known', async () => {
    const pause = { action: 'pause', asked: 'now', interactions: INTERACTIONS, by: 'a', how: 'api', pbxId: parsePbxId('main'), limitMs: 1000, at: AT } as const
    const resume = { action: 'resume', interactions: INTERACTIONS, by: 'a', how: 'api', at: AT } as const
    for (const order of [pause, resume]) {
      expect(await read({ ...order, client: { ...CLIENT, knownAt: AT.toISOString() } })).to.deep.equal({ ...order, client: CLIENT })
      expect(await read(order)).to.deep.equal(order)
    }
    expect(await read({ action: 'holding', interactions: INTERACTIONS, at: AT })).to.deep.equal({ action: 'holding', interactions: INTERACTIONS, at: AT })
  })
})
