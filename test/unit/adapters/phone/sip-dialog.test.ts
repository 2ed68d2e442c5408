import { expect } from 'chai'
import { describe, it } from 'mocha'
import { SipDialog } from '../../../../adapters/phone/sip-dialog.ts'
import { headerValue, headerValues, type SipHeader, type SipRequest, type SipResponse } from '../../../../adapters/phone/sip-message.ts'

const INVITE: SipRequest = {
  type: 'request',
  method: 'INVITE',
  uri: 'sip:agent@pbx',
  headers: [['Via', 'x'], ['From', '<sip:customer@pbx>;tag=ours'], ['To', '<sip:agent@pbx>'], ['Call-ID', 'c1'], ['CSeq', '4 INVITE'], ['Contact', '<sip:customer@192.0.2.1:5070>']],
  body: '',
}
const ROUTES: readonly SipHeader[] = [['Record-Route', '<sip:p1.example.org;lr>'], ['Record-Route', '<sip:p2.example.org:5090;lr>']]
const OK: SipResponse = {
  type: 'response',
  status: 200,
  reason: 'OK',
  headers: [['From', '<sip:customer@pbx>;tag=ours'], ['To', '<sip:agent@pbx>;tag=theirs'], ['Call-ID', 'c1'], ['CSeq', '4 INVITE'], ['Contact', '<sip:agent@192.0.2.2:5080>']],
  body: '',
}

function byeFromPeer(sequence: number, tags: { readonly to: string; readonly from: string } = { to: 'ours', from: 'theirs' }): SipRequest {
  return {
    type: 'request', method: 'BYE', uri: 'sip:x', body: '',
    headers: [['From', `<sip:agent@pbx>;tag=${tags.from}`], ['To', `<sip:customer@pbx>;tag=${tags.to}`], ['Call-ID', 'c1'], ['CSeq', `${sequence} BYE`]],
  }
}

describe('SipDialog', () => {
  it('of a caller goes to the callee’s contact with growing numbers', () => {
    const dialog = SipDialog.asCaller(INVITE, OK)
    expect(dialog?.destination).to.deep.equal({ host: '192.0.2.2', port: 5080 })
    const bye = dialog?.request('BYE')
    expect(bye?.uri).to.equal('sip:agent@192.0.2.2:5080')
    expect(bye === undefined ? null : headerValue(bye, 'to')).to.equal('<sip:agent@pbx>;tag=theirs')
    expect(bye === undefined ? null : headerValue(bye, 'cseq')).to.equal('5 BYE')
  })

  it('acknowledges with the number of the INVITE', () => {
    const acknowledgement = SipDialog.asCaller(INVITE, OK)?.acknowledgement(4)
    expect(acknowledgement === undefined ? null : headerValue(acknowledgement, 'cseq')).to.equal('4 ACK')
  })

  it('follows recorded routes: a caller backwards, a callee forwards', () => {
    const asCaller = SipDialog.asCaller(INVITE, { ...OK, headers: [...OK.headers, ...ROUTES] })
    expect(asCaller?.destination).to.deep.equal({ host: 'p2.example.org', port: 5090 })
    const asCallee = SipDialog.asCallee({ ...INVITE, headers: [...INVITE.headers, ...ROUTES] }, 'theirs')
    expect(asCallee?.destination).to.deep.equal({ host: 'p1.example.org', port: 5060 })
    const bye = asCallee?.request('BYE')
    expect(bye === undefined ? [] : headerValues(bye, 'route')).to.deep.equal(['<sip:p1.example.org;lr>', '<sip:p2.example.org:5090;lr>'])
  })

  it('knows its own requests by call and both tags', () => {
    const dialog = SipDialog.asCaller(INVITE, OK)
    expect(dialog?.matches(byeFromPeer(1))).to.equal(true)
    expect(dialog?.matches(byeFromPeer(1, { to: 'theirs', from: 'ours' }))).to.equal(false)
  })

  it('refuses a request that comes late', () => {
    const dialog = SipDialog.asCaller(INVITE, OK)
    expect(dialog?.accept(byeFromPeer(7))).to.equal(true)
    expect(dialog?.accept(byeFromPeer(7))).to.equal(false)
  })

  it('names itself to a third party with the tags as the reader sees them', () => {
    expect(SipDialog.asCaller(INVITE, OK)?.replaces).to.equal('c1;to-tag=theirs;from-tag=ours')
  })

  it('is not made from an answer without tag or contact', () => {
    expect(SipDialog.asCaller(INVITE, { ...OK, headers: OK.headers.filter(([name]) => name !== 'Contact') })).to.equal(null)
    expect(SipDialog.asCaller(INVITE, { ...OK, headers: [['To', '<sip:agent@pbx>'], ...OK.headers.filter(([name]) => name !== 'To')] })).to.equal(null)
  })
})
