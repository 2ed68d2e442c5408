import { G711_CODECS, type G711Codec } from './g711.ts'

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** The part of a session description that a telephone without video needs. */
export type AudioDescription = {
  readonly host: string
  readonly port: number
  /** In the order of preference. */
  readonly codecs: readonly G711Codec[]
  /** Payload type of RFC 4733 events, or null when the peer knows none. */
  readonly eventPayloadType: number | null
  readonly direction: MediaDirection
}

/** Static payload types. Source: RFC 3551 §6 */
export const PAYLOAD_TYPES: Readonly<Record<G711Codec, number>> = { PCMU: 0, PCMA: 8 }

/** A dynamic payload type; 101 is what nearly every telephone takes. */
export const OUR_EVENT_PAYLOAD_TYPE = 101

/** Null when the text describes no audio that we could join. Source: RFC 8866 */
export function parseSdp(text: string): AudioDescription | null {
  const lines = text.split(/\r?\n/)
  const audioAt = lines.findIndex((line) => line.startsWith('m=audio '))
  if (audioAt < 0) return null
  const nextMedia = lines.findIndex((line, index) => index > audioAt && line.startsWith('m='))
  const session = lines.slice(0, lines.findIndex((line) => line.startsWith('m=')))
  const media = lines.slice(audioAt, nextMedia < 0 ? undefined : nextMedia)
  const [, port, formats] = /^m=audio (\d{1,5})(?:\/\d+)? RTP\/AVP((?: \d{1,3})+)\s*$/.exec(media[0] ?? '') ?? []
  const host = connectionHost(media) ?? connectionHost(session)
  if (port === undefined || formats === undefined || host === null || Number(port) > 65_535) return null
  const payloadTypes = formats.trim().split(' ').map(Number)
  return {
    host,
    port: Number(port),
    codecs: payloadTypes.flatMap((payloadType) => G711_CODECS.filter((codec) => PAYLOAD_TYPES[codec] === payloadType)),
    eventPayloadType: eventPayloadType(media, payloadTypes),
    direction: direction(media) ?? direction(session) ?? 'sendrecv',
  }
}

function connectionHost(lines: readonly string[]): string | null {
  for (const line of lines) {
    const host = /^c=IN IP[46] ([0-9A-Za-z.:-]+)/.exec(line)?.[1]
    if (host !== undefined) return host
  }
  return null
}

function eventPayloadType(media: readonly string[], offered: readonly number[]): number | null {
  for (const line of media) {
    const payloadType = /^a=rtpmap:(\d{1,3}) telephone-event\/8000/i.exec(line)?.[1]
    if (payloadType !== undefined && offered.includes(Number(payloadType))) return Number(payloadType)
  }
  return null
}

function direction(lines: readonly string[]): MediaDirection | null {
  const names: readonly MediaDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']
  return names.find((name) => lines.includes(`a=${name}`)) ?? null
}

/** `version` grows with each change of the session, as RFC 3264 §8 asks. */
export function formatSdp(description: AudioDescription, session: { readonly id: number; readonly version: number }): string {
  const family = description.host.includes(':') ? 'IP6' : 'IP4'
  const event = description.eventPayloadType
  const payloadTypes = [...description.codecs.map((codec) => PAYLOAD_TYPES[codec]), ...(event === null ? [] : [event])]
  const lines = [
    'v=0',
    `o=- ${session.id} ${session.version} IN ${family} ${description.host}`,
    's=-',
    `c=IN ${family} ${description.host}`,
    't=0 0',
    `m=audio ${description.port} RTP/AVP ${payloadTypes.join(' ')}`,
    ...description.codecs.map((codec) => `a=rtpmap:${PAYLOAD_TYPES[codec]} ${codec}/8000`),
    ...(event === null ? [] : [`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-16`]),
    'a=ptime:20',
    `a=${description.direction}`,
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** What we answer to a direction. Source: RFC 3264 §6.1 */
export const MIRRORED: Readonly<Record<MediaDirection, MediaDirection>> = {
  sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive',
}
