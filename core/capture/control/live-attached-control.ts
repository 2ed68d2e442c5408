import { fromApi } from '../../domain/api-client.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { PbxId } from '../../domain/ids.ts'
import { admit, type Refusal } from '../../domain/rules/admit.ts'
import type { AttachedControl, AttachedOutcome, AttachedSetting } from '../../ports/attached-control.ts'
import { hearAgent, nameAgents } from '../people/agents.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import { noteChange } from '../rules/note-change.ts'
import type { CaptureSide } from '../recorders/on-demand.ts'
import { reconsider, spread } from '../recorders/reconsider.ts'
import type { SerialByKey } from '../calls/serial.ts'
import { withinSignal } from './within-signal.ts'

/** Why a value is not let in, for whoever sent it. Never with the value. */
const REFUSED: Readonly<Record<Refusal, { readonly field: 'key' | 'value'; readonly message: string }>> = {
  'not-listed': { field: 'key', message: 'is not on the list of keys that may be attached' },
  'source-not-allowed': { field: 'key', message: 'is not taken from the API' },
  'never-stored': { field: 'key', message: 'is never stored' },
  'too-long': { field: 'value', message: 'holds shorter values only' },
  'not-a-number': { field: 'value', message: 'holds numbers only, such as 12 or -0.5' },
  'not-a-date': { field: 'value', message: 'holds dates only, such as 2026-03-01, or times with their offset' },
}

export interface LiveAttachedControlParts {
  /** Capture on each PBX of this node. */
  readonly sides: readonly CaptureSide[]
  readonly serial: SerialByKey
}

/** Attached data of calls that live on this node, by the API. */
export class LiveAttachedControl implements AttachedControl {
  readonly #sides: ReadonlyMap<PbxId, CaptureSide>
  readonly #serial: SerialByKey

  constructor({ sides, serial }: LiveAttachedControlParts) {
    this.#sides = new Map(sides.map((side) => [side.context.pbxId, side]))
    this.#serial = serial
  }

  async attach(setting: AttachedSetting, signal: AbortSignal): Promise<AttachedOutcome> {
    const side = this.#sides.get(setting.pbxId)
    const leg = side?.context.tracker.find(setting.channelId) ?? null
    if (side === undefined || leg === null) throw new HoldfastError('NO_LIVE_CALL', 'there is no such call now')
    const { rules, runtime, pbxId } = side.context
    const admission = admit(rules.attached, { key: setting.key, value: setting.value, source: 'api' })
    if (admission.outcome === 'refused') {
      runtime.metrics.count('holdfast_attached_refused_total', { pbx: pbxId, reason: admission.reason })
      const { field, message } = REFUSED[admission.reason]
      throw new HoldfastError('ATTACHED_REFUSED', `${field}: ${setting.key} ${message}`, { field, reason: admission.reason })
    }
    // What it begins, the PBX would not hear of.
    if (side.context.adapter.linkState === 'down') throw new HoldfastError('ATTACHED_FAILED', 'the link to the PBX is down')
    const work = this.#serial.run(`${pbxId} ${leg.channel.callId}`, () => attachNow(side, leg, { ...setting, value: admission.value }))
    return { kept: admission.outcome === 'kept' ? 'whole' : 'masked', value: admission.value, noted: await withinSignal(journalled(work), signal, unattached) }
  }
}

async function attachNow({ context, recorder }: CaptureSide, { channel }: TrackedChannel, { key, value, by, ...asked }: AttachedSetting): Promise<AttachedOutcome['noted']> {
  const { tracker, adapter: { now: at } } = context
  const { callId } = tracker.find(channel.channelId)?.channel ?? channel
  // To the leg that asked, where there is one: each leg's own request is its own.
  const asker = tracker.ofCall(callId).find(({ decision }) => decision !== null)?.channel.channelId ?? channel.channelId
  const leg = { channelId: asker, callId, change: { key, value, source: 'api', at } } as const
  const noted = await noteChange(context, leg, (recordingId) => ({ type: 'attached-set', recordingId, change: leg.change, by: by.id, at, ...fromApi(asked) }))
  hearAgent(context, { type: 'attached-changed', ...leg, at })
  tracker.attach(asker, leg.change)
  await nameAgents(context, leg)
  spread(context, leg)
  await reconsider(context, recorder, { channelId: asker, callId, at })
  return noted
}

async function journalled<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isHoldfastError(error, 'STORE_FAILED')) throw new HoldfastError('ATTACHED_FAILED', 'the journal did not take it', {}, { cause: error })
    throw error
  }
}

function unattached(): HoldfastError {
  return new HoldfastError('ATTACHED_FAILED', 'it was not attached in time, and may still take effect')
}
