import { createSocket } from 'node:dgram'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { RecordingAsked } from '../../core/ports/pbx-event.ts'
import { until } from '../support/hooks.ts'
import { closeLab, globalVariable, Heard, type Lab, leaveFreshHeartbeat, openLab } from './asterisk-lab.ts'

const EXTENSIONS = `
[calls]
exten => ask,1,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Hangup()
exten => set,1,Set(CALL_CLASS=of the dialplan)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Hangup()
exten => later,1,Answer()
 same => n,Set(FOUND_LATER=first)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Wait(0.2)
 same => n,Set(__FOUND_LATER=second)
 same => n,Hangup()
`

/** One INVITE with bytes that no telephone of good manners sends. Nothing waits for its answers: the dialplan hangs up by itself. */
async function invite({ asterisk }: Lab, extension: string, headers: readonly (Uint8Array | string)[]): Promise<void> {
  const [host = '', port = ''] = asterisk.sipAddress.split(':')
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve)
  })
  const own = `127.0.0.1:${socket.address().port}`
  const sdp = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 40000 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', ''].join('\r\n')
  const id = Math.random().toString(36).slice(2)
  const head = [
    `INVITE sip:${extension}@${asterisk.sipAddress} SIP/2.0`, `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${id}`, 'Max-Forwards: 70', `From: <sip:customer@${own}>;tag=${id}`, `To: <sip:${extension}@${asterisk.sipAddress}>`,
    `Call-ID: ${id}`, 'CSeq: 1 INVITE', `Contact: <sip:customer@${own}>`, 'Content-Type: application/sdp', `Content-Length: ${sdp.length}`,
  ]
  const bytes = Buffer.concat([...[...head, ...headers].flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]), Buffer.from(`\r\n${sdp}`)])
  await new Promise<void>((resolve, reject) => {
    socket.send(bytes, Number(port), host, (error) => (error === null ? resolve() : reject(error)))
  })
  socket.close()
}

describe('SIP headers on a real Asterisk', () => {
  let lab: Lab
  let heard: Heard

  before(async () => {
    lab = await openLab(EXTENSIONS, ['customer'])
    heard = await Heard.open(lab)
    await leaveFreshHeartbeat(lab)
  })
  after(async () => {
    await heard[Symbol.asyncDispose]()
    await closeLab(lab)
  })

  /** What comes of a call with these headers. */
  async function asked(extension: string, ...headers: readonly (Uint8Array | string)[]): Promise<RecordingAsked> {
    const before = heard.all('recording-asked').length
    await invite(lab, extension, headers)
    return await until(() => {
      const event = heard.all('recording-asked')[before]
      if (event === undefined) throw new Error('nobody asked')
      return event
    }, { withinMs: 10_000 })
  }

  const HOSTILE: Readonly<Record<string, string>> = {
    'plain words': 'gold; tier=1, "quoted" <sip:a@b>',
    'the end of a function': '):1:2',
    'a branch of ExecIf': '?Hangup():Hangup()',
    'a variable': '${EPOCH}$[1+1]${SHELL(id)}',
    'line breaks in percent signs': 'a%0d%0aEvent: Hangup%0d%0aUniqueid: 1.1%%25',
    'a comma, a pipe and a semicolon': 'a,b|c;d',
    'letters of all the world': 'Zoë 顧客 😀',
  }
  for (const [what, value] of Object.entries(HOSTILE)) {
    it(`are handed over as they came, and told apart: ${what}`, async () => {
      const event = await asked('ask', `X-Call-Class: ${value}`)
      expect(event.headers).to.deep.equal({ CALL_CLASS: value })
      expect(event.attached).to.deep.equal({})
    })
  }

  it('with broken UTF-8 cost the call nothing', async () => {
    const event = await asked('ask', Buffer.concat([Buffer.from('X-Call-Class: a'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('b')]))
    expect(event.headers['CALL_CLASS']).to.equal(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x62]).toString())
  })

  it('of many pieces come whole, and one that is too long is left out, and counted', async () => {
    const long = 'x'.repeat(3000) + '%:)é'
    expect((await asked('ask', `X-Call-Class: ${long}`)).headers).to.deep.equal({ CALL_CLASS: long })
    expect((await asked('ask', `X-Call-Class: ${'y'.repeat(4096)}`)).headers).to.deep.equal({})
  })

  it('are read by their own names only, and never as what the dialplan says', async () => {
    const event = await asked('set', 'X-Call-Class: of a stranger', 'X-Record: source', 'record: source', 'GRECORD_PARTITIONS: /all', 'X-Interaction-ID: i-1')
    expect(event.attached).to.deep.equal({ CALL_CLASS: 'of the dialplan' })
    expect(event.headers).to.deep.equal({ CALL_CLASS: 'of a stranger', 'X-Interaction-ID': 'i-1' })
    expect(event.interactionId).to.equal(null)
  })

  it('and variables that are wanted newly are told from then on, in requests and in the middle of a call', async () => {
    expect((await asked('later')).attached).to.deep.equal({})
    expect(await heard.adapter.wantData({ keys: ['CALL_CLASS', 'FOUND_LATER'], headers: new Map([['X-New', 'NEW']]) })).to.equal('told')
    expect(await globalVariable(lab, 'HOLDFAST_KEYS')).to.equal('CALL_CLASS,FOUND_LATER')
    const event = await asked('later', 'X-New: yes', 'X-Call-Class: no')
    expect(event.attached).to.deep.equal({ FOUND_LATER: 'first' })
    expect(event.headers).to.deep.equal({ NEW: 'yes' })
    const { change } = await heard.next('attached-changed', ({ channelId, change: { value } }) => channelId === event.channelId && value === 'second')
    expect(change).to.deep.include({ key: 'FOUND_LATER', source: 'dialplan' })
  })
})
