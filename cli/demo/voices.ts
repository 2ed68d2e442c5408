import { type AudioSource, toneWithChirps } from '../../adapters/phone/audio-source.ts'
import { speechSource } from '../../adapters/phone/recorded-source.ts'

/** Tones that are told apart by ear, where no synthesizer is installed. */
const CUSTOMER_HZ = 440
const AGENT_HZ = 1000

const CUSTOMER_SAYS = 'Good morning. I would like to order a garden bench, please. Four seats, made of oak. And could you tell me when it can be delivered? I am at home in the afternoon.'
const AGENT_SAYS = 'Thank you for calling. Of course, I can help you with that. The bench is on stock, and we deliver it within three days. May I have your customer number, please?'

export interface Voices {
  readonly customer: AudioSource
  readonly agent: AudioSource
  readonly kind: 'spoken' | 'tones'
}

/** Spoken sentences where espeak-ng is installed, else a tone for each. */
export async function demoVoices(): Promise<Voices> {
  const [customer, agent] = await Promise.all([speechSource({ text: CUSTOMER_SAYS, voice: 'en-us+f3' }), speechSource({ text: AGENT_SAYS, voice: 'en-gb+m3' })])
  if (customer === null || agent === null) return { customer: toneWithChirps(CUSTOMER_HZ), agent: toneWithChirps(AGENT_HZ), kind: 'tones' }
  return { customer, agent, kind: 'spoken' }
}
