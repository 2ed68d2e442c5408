import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tone } from '../../../adapters/phone/audio-source.ts'
import { encodeG711, SAMPLE_RATE_HZ } from '../../../adapters/phone/g711.ts'
import { Sipp } from '../../support/sipp.ts'

/** Whole periods in a second, so that the second can be played again and again. */
export const TONES = { customer: 400, agent: 1000 } as const
type Who = keyof typeof TONES
/** An agent needs a moment; a recorder on her leg is armed in it. */
const RINGS_MS = 200

export interface Load {
  readonly folder: string
  /** First digits of what is dialled; the number of the call follows. */
  readonly prefix: string
  /** `host:port` of the PBX. */
  readonly proxy: string
  readonly port: number
  /** Evenly over this time so many customers call. */
  readonly calls: number
  readonly withinMs: number
  /** Each hangs up after this. */
  readonly callMs: number
}

/** Telephones that answer every call and sound the agent's tone. */
export async function startAgents(folder: string, port: number): Promise<Sipp> {
  return await Sipp.start({ folder, name: 'agents', port, scenario: agentScenario(await audioFile(folder, 'agent')) })
}

/** Telephones that call, and sound the customer's tone. */
export async function startCustomers({ folder, prefix, proxy, port, calls, withinMs, callMs }: Load): Promise<Sipp> {
  const words = [proxy, '-s', prefix, '-m', String(calls), '-r', String(calls), '-rp', String(withinMs), '-l', String(2 * calls), '-d', String(callMs)]
  return await Sipp.start({ folder, name: 'customers', port, words, scenario: customerScenario(await audioFile(folder, 'customer')) })
}

async function audioFile(folder: string, who: Who): Promise<string> {
  const file = join(folder, `${who}.alaw`)
  await writeFile(file, encodeG711('PCMA', tone(TONES[who]).read(0, SAMPLE_RATE_HZ)))
  return file
}

const SOUND = `v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000`

/** Source: sipp `-sd uac`; https://sipp.readthedocs.io/en/latest/media.html, rtp_stream: it needs no right to raw sockets, as pcap play does */
function customerScenario(audio: string): string {
  const dialled = 'sip:[service][call_number]@[remote_ip]:[remote_port]'
  const request = (method: string, sequence: number): string => `${method} ${dialled} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:customer@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <${dialled}>${method === 'INVITE' ? '' : '[peer_tag_param]'}
Call-ID: [call_id]
CSeq: ${sequence} ${method}
Contact: <sip:customer@[local_ip]:[local_port]>
Max-Forwards: 70`
  return scenario('customer', [
    sending(withSound(request('INVITE', 1)), 'repeated'),
    ...[100, 180, 183].map((status) => `<recv response="${status}" optional="true"/>`),
    '<recv response="200"/>',
    sending(withoutSound(request('ACK', 1)), 'once'),
    playing(audio),
    '<pause/>',
    sending(withoutSound(request('BYE', 2)), 'repeated'),
    '<recv response="200"/>',
  ])
}

function agentScenario(audio: string): string {
  const answer = (status: string, tag: string): string => `SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:]${tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:agent@[local_ip]:[local_port]>`
  const tag = ';tag=[pid]a[call_number]'
  return scenario('agent', [
    '<recv request="INVITE"/>',
    sending(withoutSound(answer('180 Ringing', tag)), 'once'),
    `<pause milliseconds="${RINGS_MS}"/>`,
    sending(withSound(answer('200 OK', tag)), 'repeated'),
    '<recv request="ACK"/>',
    playing(audio),
    '<recv request="BYE"/>',
    sending(withoutSound(answer('200 OK', '')), 'once'),
  ])
}

function scenario(name: string, steps: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`
}

/** Repeated until the answer comes, first after half a second. Source: RFC 3261 §17.1.1.1 */
function sending(message: string, how: 'once' | 'repeated'): string {
  return `<send${how === 'repeated' ? ' retrans="500"' : ''}><![CDATA[\n${message}]]></send>`
}

function withSound(head: string): string {
  return `${head}\nContent-Type: application/sdp\nContent-Length: [len]\n\n${SOUND}\n`
}

function withoutSound(head: string): string {
  return `${head}\nContent-Length: 0\n\n`
}

/** Without an end, with the payload type of A-law. */
function playing(file: string): string {
  return `<nop><action><exec rtp_stream="${file},-1,8"/></action></nop>`
}
