import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { parseInteractionId, parseNodeName } from '../../../../../core/domain/ids.ts'
import type { ControlAction, ControlAnswer } from '../../../../../core/ports/capture-control.ts'
import type { NodeBench } from '../../../../support/node-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { customerAt, joins, TwoNodes } from '../../../../support/two-nodes.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

describe('a pause over two nodes', () => {
  let nodes: TwoNodes
  let customer: Channel
  let agent: Channel

  beforeEach(async () => {
    nodes = await TwoNodes.open()
    customer = await customerAt(nodes.a.capture)
    agent = await joins(joiningB(nodes), nodes.a.capture.only().interactionId)
  })

  async function ask(node: NodeBench, leg: Channel, action: ControlAction): Promise<readonly ControlAnswer[]> {
    const target = { channel: { pbxId: node.capture.pbx.pbxId, channelId: leg.channelId } }
    return await node.control.control({ action, target, by: { type: 'pbx', id: 'agent' }, person: 'agent', how: 'dtmf' }, AbortSignal.timeout(5000))
  }
  const atA = (action: ControlAction): Promise<readonly ControlAnswer[]> => ask(nodes.a, customer, action)
  const atB = (action: ControlAction): Promise<readonly ControlAnswer[]> => ask(nodes.b, agent, action)
  const outcomes = (answers: readonly ControlAnswer[]): readonly string[] => answers.map(({ outcome }) => outcome)

  it('that one node does not hear of is partial, names it and its PBX, and is asked again until it is back', async () => {
    nodes.toB.state = 'away'
    const answers = await atA('pause')
    expect(answers[1]).to.deep.include({ outcome: 'unconfirmed', node: 'node-b', pbxIds: ['pbx-b'], code: 'NODE_UNREACHABLE' })
    expect(nodes.masked).to.deep.equal([true, false])
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([true, false])
    nodes.toB.state = 'here'
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([true, true])
    const sent = nodes.toB.sent.length
    await nodes.settle()
    expect(nodes.toB.sent, 'what is confirmed is not asked again').to.have.lengthOf(sent)
    expect(outcomes(await atA('resume'))).to.deep.equal(['done', 'done'])
    expect(nodes.masked).to.deep.equal([false, false])
  })

  it('stands at both under the same person and address, whichever node was asked, also when one hears of it late', async () => {
    const client = { type: 'user', address: '192.0.2.7', label: 'supervisor' } as const
    const target = { channel: { pbxId: nodes.a.capture.pbx.pbxId, channelId: customer.channelId } }
    const byApi = async (action: ControlAction): Promise<readonly ControlAnswer[]> => await nodes.a.control.control({ action, target, by: { type: 'user', id: 'user-1' }, person: 'supervisor', how: 'api', client }, AbortSignal.timeout(5000))
    const told = (type: 'pause-asked' | 'resume-asked'): readonly unknown[] => [nodes.a, nodes.b].map(({ capture }) => capture.journal.facts.flatMap(({ fact }) => fact.type === type ? [{ by: fact.by, client: fact.client }] : []))
    const once = [{ by: 'user-1', client }]
    nodes.toB.state = 'away'
    await byApi('pause')
    nodes.toB.state = 'here'
    await nodes.settle()
    expect(told('pause-asked')).to.deep.equal([once, once])
    await byApi('resume')
    expect(told('resume-asked')).to.deep.equal([once, once])
  })

  it('is asked again after the node that asked was started again', async () => {
    nodes.toB.state = 'away'
    await atA('pause')
    await nodes.restartA()
    nodes.toB.state = 'here'
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([true, true])
  })

  it('is kept by a node that was started again, and ends there when it ended at the other one meanwhile', async () => {
    await atA('pause')
    await nodes.restartB()
    expect(nodes.b.capture.pauses.all().map(({ origin }) => origin)).to.deep.equal(['node-a'])
    nodes.toB.state = 'away'
    expect(outcomes(await atA('resume'))).to.deep.equal(['done', 'unconfirmed'])
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([false, true])
    await nodes.restartA()
    nodes.toB.state = 'here'
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([false, false])
  })

  it('that was obeyed and not answered is told to have not been confirmed, and ends with the others', async () => {
    nodes.toB.state = 'mute'
    expect(outcomes(await atA('pause'))).to.deep.equal(['done', 'unconfirmed'])
    expect(nodes.masked).to.deep.equal([true, true])
    await atA('resume')
    expect(nodes.masked).to.deep.equal([false, false])
  })

  it('may be ended at the other site, and stays ended when the first node hears of it late', async () => {
    await atA('pause')
    nodes.toA.state = 'away'
    expect(outcomes(await atB('resume'))).to.deep.equal(['done', 'unconfirmed'])
    expect(nodes.masked).to.deep.equal([true, false])
    await nodes.restartA()
    await nodes.settle()
    expect(nodes.masked, 'the first node asks again, and is not obeyed').to.deep.equal([true, false])
    nodes.toA.state = 'here'
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([false, false])
  })

  it('ends at both with its limit, also where the node that asked has gone for good', async () => {
    await atA('pause')
    nodes.toA.state = 'away'
    nodes.b.capture.pbx.after(61_000)
    await nodes.b.peers.settle()
    await nodes.b.capture.settled()
    expect(nodes.b.isMasked).to.equal(false)
    nodes.a.capture.pbx.after(61_000)
    await nodes.a.capture.pauseLimit.check()
    expect(nodes.a.isMasked).to.equal(false)
  })

  it('stands where the other node alone confirms it, and reaches this one\'s PBX when its link is back', async () => {
    nodes.a.capture.pbx.disconnect()
    await nodes.a.capture.settled()
    expect(outcomes(await atA('pause'))).to.deep.equal(['failed', 'done'])
    expect(nodes.masked).to.deep.equal([false, true])
    nodes.a.capture.pbx.connect()
    await nodes.a.capture.settled()
    await nodes.settle()
    expect(nodes.masked).to.deep.equal([true, true])
  })

  it('goes on everywhere while the PBX of the node that is asked to resume cannot be told', async () => {
    await atA('pause')
    nodes.a.capture.pbx.disconnect()
    await nodes.a.capture.settled()
    expect(outcomes(await atA('resume'))).to.deep.equal(['failed'])
    expect(nodes.b.isMasked).to.equal(true)
  })

  it('that nobody confirms is withdrawn everywhere', async () => {
    nodes.a.capture.pbx.disconnect()
    await nodes.a.capture.settled()
    nodes.toB.state = 'mute'
    expect(outcomes(await atA('pause'))).to.deep.equal(['failed', 'unconfirmed'])
    expect([nodes.a.capture.pauses.all(), nodes.b.capture.pauses.all()]).to.deep.equal([[], []])
  })

  it('is refused for all where a rule of the other node forbids it', async () => {
    nodes = await TwoNodes.open({ policyOfB: policyWith({ rules: [{ name: 'law', record: 'source', terms: { pause: { type: 'forbidden' } } }] }) })
    customer = await customerAt(nodes.a.capture)
    await joins(joiningB(nodes), nodes.a.capture.only().interactionId)
    await expectCode(atA('pause'), 'PAUSE_NOT_ALLOWED')
    expect([nodes.masked, nodes.a.capture.pauses.all(), nodes.b.capture.pauses.all()]).to.deep.equal([[false, false], [], []])
    expect(nodes.b.capture.only().pauses).to.deep.equal([])
  })

  it('is not undone by an order that comes late', async () => {
    await atA('pause')
    const [order] = nodes.toB.sent
    await atA('resume')
    if (order === undefined) throw new Error('an order was sent')
    expect(await nodes.b.orders.obey(parseNodeName('node-a'), order)).to.deep.equal([])
    expect(nodes.masked).to.deep.equal([false, false])
  })

  it('reaches what was merged into the conversation after it began', async () => {
    await atA('pause')
    const other = parseInteractionId('consultation-1')
    nodes.toB.sent.length = 0
    await nodes.a.capture.live.record({ type: 'interaction-merged', interactionId: other, mergedIntoId: nodes.a.capture.only().interactionId, at: nodes.a.capture.pbx.now })
    await nodes.settle()
    expect(nodes.toB.sent.map(({ action, interactions }) => [action, interactions.includes(other)])).to.deep.include(['pause', true])
    expect(nodes.b.capture.pauses.of(other)).not.to.equal(null)
  })

  it('sounds as failed to the agent while a node is away; her key asks for it again, and then resumes', async () => {
    const { capture: { pbx } } = nodes.b
    const press = async (): Promise<string | undefined> => {
      const code = pbx.presses(agent, 'toggle')
      await nodes.b.capture.settled()
      await turns()
      return pbx.codeAnswers.get(code)
    }
    nodes.toA.state = 'away'
    expect([await press(), nodes.masked]).to.deep.equal(['failed', [false, true]])
    nodes.toA.state = 'here'
    expect([await press(), nodes.masked]).to.deep.equal(['paused', [true, true]])
    expect([await press(), nodes.masked]).to.deep.equal(['recording', [false, false]])
  })

  it('is asked for, and ended, by an agent whose own node records nothing', async () => {
    const { capture: { pbx } } = nodes.b
    const second = await joins(joiningB(nodes), nodes.a.capture.only().interactionId, { record: 'no' })
    pbx.hangsUp(agent)
    await nodes.b.capture.settled()
    const press = async (): Promise<string | undefined> => {
      const code = pbx.presses(second, 'toggle')
      await nodes.b.capture.settled()
      await turns()
      return pbx.codeAnswers.get(code)
    }
    expect([await press(), nodes.a.isMasked]).to.deep.equal(['paused', true])
    expect([await press(), nodes.a.isMasked]).to.deep.equal(['recording', false])
  })
})

function joiningB({ b: { capture } }: TwoNodes): Parameters<typeof joins>[0] {
  return { pbx: capture.pbx, settled: () => capture.settled() }
}

/** What was sent to another node is answered a few turns later. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
