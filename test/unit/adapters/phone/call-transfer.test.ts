import { expect } from 'chai'
import { describe, it } from 'mocha'
import { statusOfNotification } from '../../../../adapters/phone/call-transfer.ts'
import type { SipRequest } from '../../../../adapters/phone/sip-message.ts'

function notify(event: string, body: string): SipRequest {
  return { type: 'request', method: 'NOTIFY', uri: 'sip:a@b', headers: [['Event', event]], body }
}

describe('statusOfNotification', () => {
  it('reads how far a transfer has come', () => {
    expect(statusOfNotification(notify('refer', 'SIP/2.0 100 Trying\r\n'))).to.equal(100)
    expect(statusOfNotification(notify('refer;id=7', 'SIP/2.0 603 Decline'))).to.equal(603)
  })

  it('gives null for other subscriptions and other bodies', () => {
    expect(statusOfNotification(notify('message-summary', 'SIP/2.0 200 OK'))).to.equal(null)
    expect(statusOfNotification(notify('refer', 'Messages-Waiting: yes'))).to.equal(null)
  })
})
