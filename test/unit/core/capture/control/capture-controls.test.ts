import { captureControlContract, type TwoSitesOfControl } from '../../../../contract/capture-control.contract.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { FakePbxAdapter } from '../../../../support/fakes/fake-pbx-adapter.ts'
import { customerAt, joins, TwoNodes } from '../../../../support/two-nodes.ts'

captureControlContract('One node', async (): Promise<TwoSitesOfControl> => {
  const [a, b] = [new FakePbxAdapter('pbx-a'), new FakePbxAdapter('pbx-b')]
  const bench = await CaptureBench.open({ pbx: a, others: [b], trustedTrunks: ['PJSIP/site-*'] })
  const customer = await customerAt(bench)
  const settled = (): Promise<void> => bench.settled()
  return {
    control: bench.control, a, b, customer,
    joinAtB: async () => void await joins({ pbx: b, settled }, bench.only().interactionId),
    settle: async () => {
      await bench.pauseLimit.check()
      await bench.settled()
    },
    [Symbol.asyncDispose]: async () => await Promise.resolve(),
  }
})

captureControlContract('A node among two', async (): Promise<TwoSitesOfControl> => {
  const nodes = await TwoNodes.open()
  return await sitesOf(nodes)
})

async function sitesOf(nodes: TwoNodes): Promise<TwoSitesOfControl> {
  const { a, b } = nodes
  const customer = await customerAt(a.capture)
  return {
    control: a.control, a: a.capture.pbx, b: b.capture.pbx, customer,
    joinAtB: async () => void await joins({ pbx: b.capture.pbx, settled: () => b.capture.settled() }, a.capture.only().interactionId),
    settle: () => nodes.settle(),
    [Symbol.asyncDispose]: async () => await Promise.resolve(),
  }
}
