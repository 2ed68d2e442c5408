import { expect } from 'chai'
import { describe, it } from 'mocha'
import { EventReader } from '../../../../adapters/asterisk/event-reader.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { amiFixture } from '../../../support/hostile/ami-fixture.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

/** What Asterisk tells within a cut (25 ms and its two commands) comes while that is under way; what comes later finds it done. */
const TOGETHER_MS = 30

/** Recorded on a real Asterisk 22.10: a customer is passed on from A to B. */
const TRANSFERS = {
  'blind-ami': { kind: 'blind', to: '200' },
  'blind-refer': { kind: 'blind', to: '200' },
  'blind-dtmf': { kind: 'blind', to: '200' },
  'atx-ami': { kind: 'attended', to: '200' },
  'atx-dtmf': { kind: 'attended', to: '200' },
  'atx-refer': { kind: 'attended', to: 'PJSIP/agentB' },
} as const
type Scenario = keyof typeof TRANSFERS

/** Where A consults on the leg on which her customer reached her, her colleague is heard there, too. */
const HEARD_BY_A: Readonly<Record<Scenario, readonly string[]>> = {
  'blind-ami': ['agent agentA', 'customer customer'],
  'blind-refer': ['agent agentA', 'customer customer'],
  'blind-dtmf': ['agent agentA', 'customer customer'],
  'atx-ami': ['agent agentA', 'customer customer', 'agent agentB'],
  'atx-dtmf': ['agent agentA', 'customer customer', 'agent agentB'],
  'atx-refer': ['agent agentA', 'customer customer'],
}

describe('a transfer, as Asterisk tells it', () => {
  for (const scenario of Object.keys(TRANSFERS) as readonly Scenario[]) {
    it(`${scenario}: leaves one recording of the customer's side, with everybody whom she heard`, async () => {
      const { recording } = await replayed(scenario, 'source')
      expect(recording).to.include({ state: 'stopped', reason: 'hangup', agent: 'PJSIP/agentA' })
      expect(people(recording)).to.deep.equal(['customer customer', 'agent agentA', 'agent agentB'])
      const [customer, a, b] = recording.parties
      expect(customer?.toAt?.getTime()).to.equal(recording.endedAt?.getTime())
      expect(b?.fromAt.getTime()).to.be.at.least(a?.toAt?.getTime() ?? Number.POSITIVE_INFINITY)
      expect(recording.segments, 'one cut: when A left').to.have.length(2)
      expect(recording.transfers.map(({ kind, by, to }) => [kind, by.endpoint, to.endpoint ?? to.identity.number])).to.deep.equal([[TRANSFERS[scenario].kind, 'PJSIP/agentA', TRANSFERS[scenario].to]])
    })

    it(`${scenario}: ends the recording of A's side, and begins none of B's`, async () => {
      const { recording, bench } = await replayed(scenario, 'destination')
      expect(recording).to.include({ state: 'stopped', reason: 'agent-left', agent: 'PJSIP/agentA' })
      expect(new Set(people(recording))).to.deep.equal(new Set(HEARD_BY_A[scenario]))
      expect(bench.pbx.recorders.size).to.equal(0)
    })
  }
})

async function replayed(scenario: Scenario, side: 'source' | 'destination'): Promise<{ readonly bench: CaptureBench; readonly recording: Recording }> {
  const bench = await CaptureBench.open({ peerChange: 'segment' })
  let before: PbxEvent | null = null
  for (const event of eventsOf(scenario, bench)) {
    if (before !== null && event.at.getTime() - before.at.getTime() > TOGETHER_MS) await bench.settled()
    bench.pbx.replays(event)
    if (before === null && event.type === 'channel-created') {
      bench.pbx.asks(event.channel, { record: side })
      await bench.settled()
    }
    before = event
  }
  await bench.settled()
  return { bench, recording: bench.only() }
}

/** Recorders of the capture are not ours. */
function eventsOf(scenario: Scenario, { pbx }: CaptureBench): readonly PbxEvent[] {
  const reader = new EventReader({ pbxId: pbx.pbxId, attachedKeys: new Set(), runtime: quietRuntime(() => pbx.now), recordingDirectory: '/spool/recording', now: () => pbx.now })
  return amiFixture(`asterisk-22.10-${scenario}`).flatMap((message) => reader.read(message) ?? []).filter(({ type }) => !type.startsWith('recorder-'))
}

function people({ parties }: Recording): readonly string[] {
  return parties.map(({ side, endpoint }) => `${side} ${endpoint?.replace('PJSIP/', '') ?? ''}`)
}
