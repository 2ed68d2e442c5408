import { setTimeout as delay } from 'node:timers/promises'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'

/** One call of the demonstration, as its people make it. */
export interface DemoCall {
  readonly title: string
  readonly customer: string
  readonly agent: string
  readonly dialled: string
  readonly talkMs: number
  /** During the talk, seen from its start: when the agent pauses and resumes. */
  readonly pauseMs: { readonly from: number; readonly to: number } | null
}

export interface DemoPeople {
  readonly proxy: string
  readonly voices: { readonly customer: AudioSource; readonly agent: AudioSource }
}

/** Asked for by the call that is being made: pause or resume it over the API. */
export type Control = (action: 'pause' | 'resume', call: DemoCall) => Promise<void>

/** The customer calls, the agent answers, both talk, the customer hangs up. */
export async function placeCall(call: DemoCall, people: DemoPeople, control: Control): Promise<void> {
  await using customer = await SipPhone.open({ name: call.customer, proxy: people.proxy, source: people.voices.customer })
  await using agent = await SipPhone.open({ name: call.agent, proxy: people.proxy, source: people.voices.agent })
  await agent.register()
  const outgoing = await customer.call(call.dialled)
  const incoming = await agent.incoming()
  await incoming.answer()
  await outgoing.answered()
  await talk(call, control)
  await outgoing.hangUp()
  await incoming.ended()
}

async function talk(call: DemoCall, control: Control): Promise<void> {
  if (call.pauseMs === null) {
    await delay(call.talkMs)
    return
  }
  await delay(call.pauseMs.from)
  await control('pause', call)
  await delay(call.pauseMs.to - call.pauseMs.from)
  await control('resume', call)
  await delay(call.talkMs - call.pauseMs.to)
}
