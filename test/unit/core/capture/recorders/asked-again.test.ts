import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

type Side = 'source' | 'destination'

interface PassedOn {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
}

/** What the customer's leg does on its new route, in the order in which it does it. */
const ROUTE = ['leaves', 'is marked', 'asks', 'dials', 'is answered', 'talks'] as const
/** What the PBX tells of the agent beside it: she goes before it, as it begins, or when it is all over. */
const AGENT_AFTER: readonly (readonly [leaves: number, hangsUp: number])[] = [[0, 0], [0, 1], [0, ROUTE.length], [1, 1], [1, 3], [1, ROUTE.length], [ROUTE.length, ROUTE.length]]
type Step = (typeof ROUTE)[number] | 'the agent leaves' | 'the agent hangs up' | 'the transfer'

interface How {
  readonly side: Side
  /** Whether the variable is told before the request. */
  readonly isMarked: boolean
  /** Each step has a millisecond of its own; else all have the same. */
  readonly isSlow: boolean
  /** Each is heard before the next; else all late, when the two have parted. */
  readonly isHeardAtOnce: boolean
}

/** The transfer is told at any time before the next agent talks. */
function orders({ isMarked }: Pick<How, 'isMarked'>): readonly (readonly Step[])[] {
  const route: readonly Step[] = ROUTE
  return AGENT_AFTER.flatMap(([leaves, hangsUp]) => {
    // The later place first, so that the earlier one stays where it is.
    const whole = route.toSpliced(hangsUp, 0, 'the agent hangs up').toSpliced(leaves, 0, 'the agent leaves').filter((step) => isMarked || step !== 'is marked')
    return Array.from({ length: whole.indexOf('talks') + 1 }, (_, place) => whole.toSpliced(place, 0, 'the transfer'))
  })
}

/** Who has hung up by then was not passed on by anybody who is still there. */
function isLastToldOfTheTransfer(order: readonly Step[]): boolean {
  return order.indexOf('the agent hangs up') < order.indexOf('the transfer')
}

async function talking(side: Side): Promise<PassedOn> {
  const bench = await CaptureBench.open()
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: side })
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  await bench.settled()
  bench.pbx.after(1000).bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(5000)
  return { bench, customer, agent }
}

async function passedOn(order: readonly Step[], { side, isSlow, isHeardAtOnce }: How): Promise<{ readonly bench: CaptureBench; readonly next: Channel }> {
  const { bench, customer, agent } = await talking(side)
  const { pbx } = bench
  let next: Channel | null = null
  const dialled = (): Channel => {
    if (next === null) throw new Error('nobody was dialled')
    return next
  }
  const steps: Readonly<Record<Step, () => unknown>> = {
    leaves: () => {
      pbx.leaves(customer)
    },
    'is marked': () => {
      pbx.emit({ type: 'attached-changed', ...pbx.of(customer), change: { key: 'record', value: 'destination', source: 'dialplan', at: pbx.now } })
    },
    asks: () => pbx.asks(customer, { record: 'destination' }),
    dials: () => {
      next = pbx.dials(customer, 'agentB')
    },
    'is answered': () => {
      pbx.answers(dialled())
    },
    talks: () => {
      pbx.enters('second', customer, dialled())
    },
    'the transfer': () => {
      pbx.transfers(customer, agent, { kind: 'blind', number: '200' })
    },
    'the agent leaves': () => {
      pbx.leaves(agent)
    },
    'the agent hangs up': () => {
      pbx.hangsUp(agent)
    },
  }
  for (const step of order) {
    steps[step]()
    if (isSlow) pbx.after(1)
    if (isHeardAtOnce) await bench.settled()
  }
  if (!isHeardAtOnce) {
    pbx.after(1000).leaves(customer)
    pbx.leaves(dialled())
  }
  await bench.settled()
  return { bench, next: dialled() }
}

const BOTH = [true, false] as const
const WAYS: readonly How[] = (['source', 'destination'] as const).flatMap((side) => BOTH.flatMap((isMarked) => BOTH.flatMap((isSlow) => BOTH.map((isHeardAtOnce) => ({ side, isMarked, isSlow, isHeardAtOnce })))))

describe('a route that asks again, after the agent has passed the call on', () => {
  for (const how of WAYS) {
    const { side, isMarked, isSlow, isHeardAtOnce } = how
    const words = [`${side} before`, ...isMarked ? ['its variable told'] : [], isSlow ? 'in some milliseconds' : 'in one millisecond', isHeardAtOnce ? 'heard at once' : 'heard late']
    it(`has the next agent's side recorded wherever the PBX tells of the transfer: ${words.join(', ')}`, async () => {
      for (const order of orders(how)) {
        const { bench, next } = await passedOn(order, how)
        const told = order.join(', ')
        const [first, second, ...more] = bench.recordings()
        expect(more, told).to.deep.equal([])
        expect([second?.side, second?.state, second?.segments.map(({ channelId }) => channelId)], told).to.deep.equal(['destination', 'recording', [next.channelId]])
        expect(second?.transfers, told).to.deep.equal([])
        expect([first?.side, first?.state, first?.reason], told).to.deep.equal(side === 'source' ? ['source', 'recording', null] : ['destination', 'stopped', isLastToldOfTheTransfer(order) ? 'hangup' : 'agent-left'])
        await bench.service.stop()
      }
    })
  }
})
