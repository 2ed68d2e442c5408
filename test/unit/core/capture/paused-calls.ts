import type { Channel } from '../../../../core/domain/call.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { ALWAYS } from '../../../../core/domain/rules/condition.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { policyWith } from '../domain/rules/rule-samples.ts'

export const actor = { type: 'token', id: 'agent-desktop' } as const

/** A customer and an agent, connected and recorded on both sides. */
export async function bothSides(options: Parameters<typeof CaptureBench.open>[0] = {}): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const policy = policyWith({ rules: [{ name: 'both', when: ALWAYS, record: 'both' }] })
  return await connected({ policy, ...options }, {})
}

/** A customer and an agent, connected; the customer's dialplan asks for what its `record` says. */
export async function connected(options: Parameters<typeof CaptureBench.open>[0], attached: Readonly<Record<string, string>>): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const bench = await CaptureBench.open(options)
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, attached)
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.after(500).answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(1000)
  return { bench, customer, agent }
}

export function of(bench: CaptureBench, side: Recording['side']): Recording {
  const recordings = bench.recordings().filter((recording) => recording.side === side)
  const recording = recordings.at(-1)
  if (recording === undefined) throw new Error(`no ${side} recording`)
  return recording
}

export async function pause(bench: CaptureBench, recording = of(bench, 'source')): ReturnType<CaptureBench['control']['control']> {
  return await bench.control.control({ action: 'pause', target: { recordingId: recording.id }, by: actor, person: null, how: 'api' }, AbortSignal.timeout(60_000))
}

export async function resume(bench: CaptureBench, recording = of(bench, 'source')): ReturnType<CaptureBench['control']['control']> {
  return await bench.control.control({ action: 'resume', target: { recordingId: recording.id }, by: actor, person: null, how: 'api' }, AbortSignal.timeout(60_000))
}

export const masks = (bench: CaptureBench): readonly boolean[] => [...bench.pbx.recorders.values()].map(({ masked }) => masked)
export const states = (bench: CaptureBench): readonly string[] => bench.recordings().map(({ state }) => state)
