import { expect } from 'chai'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'mocha'
import { HttpPeerNode, ORDERS_PATH } from '../../adapters/nodes/http-peer-node.ts'
import { messageText } from '../../adapters/nodes/node-message.ts'
import { startNodeServer } from '../../adapters/nodes/node-server.ts'
import { signatureOf } from '../../adapters/nodes/node-signature.ts'
import { parseInteractionId, parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import type { PeerNode, PeerOrder, PeerOrders, PeerResult } from '../../core/ports/peer-node.ts'
import { captureControlContract } from '../contract/capture-control.contract.ts'
import { FakePbxAdapter } from '../support/fakes/fake-pbx-adapter.ts'
import { until } from '../support/hooks.ts'
import { NodeBench } from '../support/node-bench.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { expectCode } from '../support/rejection.ts'
import { customerAt, joins } from '../support/two-nodes.ts'

const SECRET = randomBytes(32).toString('base64')
const [A, B] = [parseNodeName('node-a'), parseNodeName('node-b')]
const PATIENCE_MS = 4000
/** The half of what an order may take, and a busy machine's share. */
const KEY_ANSWERED_WITHIN_MS = 2500
const ORDER: PeerOrder = { action: 'holding', interactions: [parseInteractionId('a-1.1')], at: new Date() }

interface Served extends AsyncDisposable {
  readonly port: number
}

async function serve(orders: PeerOrders, runtime = quietRuntime()): Promise<Served> {
  const server = await startNodeServer({ host: '127.0.0.1', port: 0, tls: null, name: B, peers: [A], secret: SECRET, orders, runtime })
  return { port: server.port, [Symbol.asyncDispose]: () => server.close() }
}

/** Somebody else's server. */
async function impostor(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  } }
}

function peer(port: number, { secret = SECRET, clock = { now: () => new Date() } } = {}): PeerNode {
  return new HttpPeerNode({ from: A, name: B, pbxIds: [parsePbxId('pbx-b')], url: `http://127.0.0.1:${port}`, secret, caPem: null, clock })
}

captureControlContract('A node that reaches the other over HTTP', async () => {
  const [a, b] = [new FakePbxAdapter('pbx-a'), new FakePbxAdapter('pbx-b')]
  const far = await NodeBench.open(B, [], { pbx: b })
  const server = await serve(far.orders, quietRuntime(() => b.now))
  const near = await NodeBench.open(A, [peer(server.port, { clock: { now: () => a.now } })], { pbx: a })
  return {
    control: near.control, a, b, customer: await customerAt(near.capture),
    joinAtB: async () => void await joins({ pbx: b, settled: () => far.capture.settled() }, near.capture.only().interactionId),
    settle: async () => {
      await near.peers.settle()
      await far.capture.pauseLimit.check()
      await far.capture.settled()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
})

describe('an agent\'s key', () => {
  it('is answered before the dialplan acts by itself while another node takes orders and never answers', async () => {
    await using mute = await serve({ obey: async () => await new Promise<never>(() => undefined) })
    const pbx = new FakePbxAdapter('pbx-a')
    const near = await NodeBench.open(A, [peer(mute.port)], { pbx })
    const customer = await customerAt(near.capture)
    const agent = pbx.dials(customer, 'agent')
    pbx.answers(agent)
    pbx.bridges(customer, pbx.channelOf(agent.channelId))
    const code = pbx.presses(agent, 'pause')
    await until(() => expect(pbx.codeAnswers.get(code)).to.equal('failed'), { withinMs: KEY_ANSWERED_WITHIN_MS })
    expect(near.isMasked).to.equal(true)
  })
})

describe('orders between nodes', () => {
  /** Counts, and tells one result. */
  function counting(): PeerOrders & { count: number } {
    const orders = { count: 0, obey: async (): Promise<readonly PeerResult[]> => {
      orders.count += 1
      return await Promise.resolve([])
    } }
    return orders
  }

  async function post(port: number, body: string, signature: string): Promise<Response> {
    return await fetch(`http://127.0.0.1:${port}${ORDERS_PATH}`, { method: 'POST', body, headers: { 'x-holdfast-signature': signature }, signal: AbortSignal.timeout(PATIENCE_MS) })
  }

  function text({ commandId = randomUUID(), from = A, to = B, sentAt = new Date() } = {}): string {
    return messageText({ commandId, from, to, sentAt, order: ORDER })
  }

  const signed = (body: string): string => signatureOf(SECRET, 'order', Buffer.from(body))

  it('are carried out once, however often they are told', async () => {
    const orders = counting()
    await using server = await serve(orders)
    const { port } = server
    const body = text()
    const answers = await Promise.all([1, 2, 3].map(() => post(port, body, signed(body))))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200])
    expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).to.have.property('size', 1)
    expect(orders.count).to.equal(1)
  })

  it('are refused without the secret, from strangers, to others, too old, too young, too long or unreadable', async () => {
    const orders = counting()
    await using server = await serve(orders)
    const { port } = server
    const statuses = async (...bodies: readonly string[]): Promise<readonly number[]> => await Promise.all(bodies.map(async (body) => (await post(port, body, signed(body))).status))
    const [right, stranger] = [text(), parseNodeName('mallory')]
    for (const signature of ['', 'zz', '00'.repeat(32), signed(`${right} `), signatureOf('another secret', 'order', Buffer.from(right)), signatureOf(SECRET, 'answer x', Buffer.from(right))]) {
      expect((await post(port, right, signature)).status, signature).to.equal(401)
    }
    expect(await statuses(text({ from: stranger }), text({ to: stranger }), text({ from: B, to: A }))).to.deep.equal([403, 403, 403])
    expect(await statuses(text({ sentAt: new Date(Date.now() - 61_000) }), text({ sentAt: new Date(Date.now() + 61_000) }))).to.deep.equal([408, 408])
    expect(await statuses('', '{}', 'null', '[]', '\0', right.replace('holding', 'holding\\u0000'), right.replace('a-1.1', 'a\\r\\nb'))).to.deep.equal([400, 400, 400, 400, 400, 400, 400])
    expect((await post(port, 'x'.repeat(300_000), '').catch(() => ({ status: 413 }))).status).to.equal(413)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).to.equal(404)
    expect(orders.count).to.equal(0)
  })

  it('are not reached where nobody listens, where somebody else does, with another secret, or where no answer comes in time', async () => {
    await using server = await serve(counting())
    await expectCode(peer(server.port, { secret: 'x'.repeat(40) }).send(ORDER, AbortSignal.timeout(PATIENCE_MS)), 'NODE_UNREACHABLE')
    await using mute = await serve({ obey: async () => await new Promise<never>(() => undefined) })
    await expectCode(peer(mute.port).send(ORDER, AbortSignal.timeout(50)), 'NODE_UNREACHABLE')
    await using forged = await impostor((_, response) => response.end('{"results":[]}'))
    await using redirecting = await impostor((_, response) => response.writeHead(307, { location: `http://127.0.0.1:${server.port}${ORDERS_PATH}` }).end())
    for (const { port } of [forged, redirecting]) await expectCode(peer(port).send(ORDER, AbortSignal.timeout(PATIENCE_MS)), 'NODE_UNREACHABLE')
    await server[Symbol.asyncDispose]()
    await expectCode(peer(server.port).send(ORDER, AbortSignal.timeout(PATIENCE_MS)), 'NODE_UNREACHABLE')
  })
})
