import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import type { GraphqlClient } from '../../cli/demo/graphql-client.ts'

export const SITE_TONES = { customer: 440, here: 1000, there: 1700 } as const

/** A customer and an agent of this site, and an agent of the other one. */
export interface SitePhones {
  readonly customer: SipPhone
  readonly here: SipPhone
  readonly there: SipPhone
}

export interface SiteControl {
  readonly isPartial: boolean | null
  readonly unconfirmedPbxs: readonly string[] | null
  readonly results: readonly { readonly outcome: string }[] | null
  readonly userErrors: readonly { readonly code: string; readonly message: string }[]
}

/** The customer calls this site, and its agent answers. */
export async function callHere(phones: Pick<SitePhones, 'customer' | 'here'>): Promise<{ readonly customer: PhoneCall; readonly here: PhoneCall }> {
  const customer = await phones.customer.call('100')
  const here = await phones.here.incoming()
  await here.answer()
  await customer.answered()
  return { customer, here }
}

/** The agent here talks to the customer and passes her on to the agent there, who then talks to her. */
export async function passThere(phones: SitePhones, talk: (call: PhoneCall) => Promise<void>): Promise<{ readonly customer: PhoneCall; readonly there: PhoneCall }> {
  const { customer, here } = await callHere(phones)
  await talk(here)
  void here.transferBlind('201').catch(() => undefined)
  const there = await phones.there.incoming()
  await there.answer()
  await talk(there)
  return { customer, there }
}

/** Pauses or resumes whatever records this interaction, at all sites, over the API. */
export async function controlInteraction(client: GraphqlClient, mutation: 'recordingPause' | 'recordingResume', interactionId: string): Promise<SiteControl> {
  const input = mutation === 'recordingPause' ? 'RecordingPauseInput' : 'RecordingResumeInput'
  const { answer } = await client.request<{ readonly answer: SiteControl }>(
    `mutation Control($input: ${input}!) { answer: ${mutation}(input: $input) { isPartial unconfirmedPbxs results { outcome } userErrors { code message } } }`, { input: { interactionId } })
  return answer
}
