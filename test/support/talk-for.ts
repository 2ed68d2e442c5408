import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { SAMPLES_PER_MS } from './audio/samples-per-ms.ts'
import { until } from './hooks.ts'

/** Beyond the longest talk of a test; a telephone on a busy machine sends late. A guess. */
const TALK_DEADLINE_MS = 30_000

/** Until this party has sounded her tone for so long from now on: by what was sent, not by a clock. */
export async function talkFor(call: Pick<PhoneCall, 'sentSamples' | 'state'>, ms: number, { withinMs = TALK_DEADLINE_MS } = {}): Promise<void> {
  const from = call.sentSamples
  await until(() => {
    const sentMs = (call.sentSamples - from) / SAMPLES_PER_MS
    if (sentMs < ms) throw new Error(`${sentMs} ms of ${ms} ms were sent; the call is ${call.state}`)
  }, { withinMs })
}
