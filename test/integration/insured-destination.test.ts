import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { silence } from '../../adapters/phone/audio-source.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import { CALL_PBXS, type CallBench, openCallBench } from '../support/call-bench.ts'
import { expectWhole } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import { FreeLines } from '../support/number-plan.ts'
import { ToneCall } from '../support/tone-call.ts'

/** Long enough for a second to be lost. */
const TALK_MS = 1100
/** From the wish in the journal over the answer, the agent's telephone and its recorder to the conversation it takes 150 ms (seen). */
const LATER_MS = [1, 3, 6, 12, 25, 50, 90, 140, 200]

interface Audit {
  readonly auditEntries: { readonly edges: readonly { readonly node: { readonly action: string; readonly reason: string | null } }[] }
}

for (const pbx of CALL_PBXS) describe(`a call of which only the agent's side is wanted, on a real ${pbx}`, () => {
  let bench: CallBench
  const lines = new FreeLines()

  before(async function () {
    bench = await openCallBench(this, pbx, { as: 'mortal' })
  })
  after(() => bench?.[Symbol.asyncDispose]())

  it('is recorded once, and what stood in until then is destroyed, which is audited', async () => {
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'destination' })
    await until(async () => expect((await bench.spool()).filter((name) => name.startsWith('native-'))).to.deep.equal([]))
    await delay(TALK_MS)
    await call.hangUp()
    const [recording] = await bench.settled(1, { caller: call.caller })
    expect(recording).to.include({ state: 'STORED', side: 'DESTINATION', origin: 'CONTROLLED' })
    if (recording !== undefined) await expectWhole(bench, call, recording)
    const administrator = new GraphqlClient(`${bench.url}/graphql`, await bench.token('administrator'))
    const { auditEntries } = await administrator.request<Audit>('query Audit($id: String!) { auditEntries(filter: { objectId: $id }) { edges { node { action reason } } } }', { id: recording?.id ?? '' })
    expect(auditEntries.edges.map(({ node }) => node)).to.deep.include({ action: 'RECORDING_DISCARDED', reason: 'superseded' })
  })

  it('leaves nothing when the customer gives up before anybody answers', async () => {
    const line = lines.take()
    await using customer = await bench.phone(`customer-${line}`, silence())
    await using agent = await bench.phone(`agent-${line}`, silence())
    await agent.register()
    const call = await customer.call(`2${line}`)
    await agent.incoming()
    await call.hangUp()
    const recordings = await bench.settled(1, { caller: `customer-${line}` })
    expect(recordings.map(({ state, reason }) => [state, reason])).to.deep.equal([['NOT_RECORDED', 'NEVER_ANSWERED']])
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
  })

  for (const afterMs of LATER_MS) {
    it(`has sound from its first word, and once, when Holdfast is killed ${afterMs} ms after it was asked`, async () => {
      const { death } = await bench.holdfast.diesAt({ when: 'after', of: 'recording-requested', afterMs })
      await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'destination' })
      await death
      await delay(TALK_MS)
      await bench.start()
      await delay(TALK_MS)
      await call.hangUp()
      // One, or the one that the dialplan recorded and the one that it supersedes.
      const settled = await until(async () => {
        const recordings = await bench.settled(await bench.countOf(call.caller), { caller: call.caller })
        expect(recordings.some(({ state }) => state === 'STORED')).to.equal(true)
        return recordings
      })
      const stored = settled.filter(({ state }) => state === 'STORED')
      expect(stored, JSON.stringify(settled)).to.have.length(1)
      expect(settled.filter(({ state }) => state !== 'STORED').map(({ state, reason }) => [state, reason])).to.deep.equal(settled.length === 1 ? [] : [['NOT_RECORDED', 'SUPERSEDED']])
      for (const recording of stored) await expectWhole(bench, call, recording)
    })
  }

  it('has left an empty spool, and no note', async () => {
    await until(async () => expect(await bench.spool()).to.deep.equal([]))
    expect(await bench.notes()).to.deep.equal([])
  })
})
