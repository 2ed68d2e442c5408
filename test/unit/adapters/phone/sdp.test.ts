import { expect } from 'chai'
import { describe, it } from 'mocha'
import { formatSdp, parseSdp, type AudioDescription } from '../../../../adapters/phone/sdp.ts'

const AUDIO: AudioDescription = { host: '192.0.2.1', port: 4000, codecs: ['PCMU', 'PCMA'], eventPayloadType: 101, direction: 'sendrecv' }

function sdp(...lines: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', ...lines].join('\r\n')
}

describe('parseSdp', () => {
  it('reads back what formatSdp wrote', () => {
    for (const direction of ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const) {
      const audio = { ...AUDIO, direction }
      expect(parseSdp(formatSdp(audio, { id: 1, version: 2 }))).to.deep.equal(audio)
    }
  })

  it('keeps the order of preference and passes over codecs that we do not speak', () => {
    expect(parseSdp(sdp('c=IN IP4 192.0.2.9', 'm=audio 6000 RTP/AVP 9 8 111 0'))?.codecs).to.deep.equal(['PCMA', 'PCMU'])
  })

  it('prefers what stands with the media to what stands for the session', () => {
    const audio = parseSdp(sdp('c=IN IP4 192.0.2.9', 'a=sendonly', 'm=audio 6000 RTP/AVP 0', 'c=IN IP4 192.0.2.10', 'a=inactive', 'm=video 7000 RTP/AVP 99', 'a=sendrecv'))
    expect(audio).to.deep.include({ host: '192.0.2.10', direction: 'inactive' })
  })

  it('takes the event payload type from its name, wherever it was put', () => {
    expect(parseSdp(sdp('c=IN IP4 192.0.2.9', 'm=audio 6000 RTP/AVP 0 96', 'a=rtpmap:96 telephone-event/8000'))?.eventPayloadType).to.equal(96)
    expect(parseSdp(sdp('c=IN IP4 192.0.2.9', 'm=audio 6000 RTP/AVP 0', 'a=rtpmap:96 telephone-event/8000'))?.eventPayloadType).to.equal(null)
  })

  for (const [what, text] of Object.entries({
    'no audio': sdp('c=IN IP4 192.0.2.9', 'm=video 7000 RTP/AVP 99'),
    'no address': sdp('m=audio 6000 RTP/AVP 0'),
    'encrypted audio': sdp('c=IN IP4 192.0.2.9', 'm=audio 6000 RTP/SAVP 0'),
    'a port that does not exist': sdp('c=IN IP4 192.0.2.9', 'm=audio 99999 RTP/AVP 0'),
    nothing: '',
  })) {
    it(`gives null for ${what}`, () => {
      expect(parseSdp(text)).to.equal(null)
    })
  }
})
