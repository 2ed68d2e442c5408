import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { headerValue, headerValues, type SipMessage } from '../../../../adapters/phone/sip-message.ts'
import { ServerTransaction } from '../../../../adapters/phone/sip-server-transaction.ts'

function open(method: string): { transaction: ServerTransaction; sent: SipMessage[] } {
  const sent: SipMessage[] = []
  const transaction = new ServerTransaction({
    request: {
      type: 'request', method, uri: 'sip:agent@x', body: '',
      headers: [['Via', 'SIP/2.0/UDP p;branch=z9hG4bK2'], ['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'], ['From', '<sip:a@b>;tag=1'], ['To', '<sip:c@d>'], ['Call-ID', 'c1'], ['CSeq', `3 ${method}`]],
    },
    callId: 'c1',
    sequence: 3,
    send: (message) => sent.push(message),
  })
  return { transaction, sent }
}

describe('ServerTransaction', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('answers along the way that the request came', () => {
    const { transaction, sent } = open('OPTIONS')
    transaction.respond({ status: 200 })
    const [answer] = sent
    expect(answer === undefined ? [] : headerValues(answer, 'via')).to.deep.equal(['SIP/2.0/UDP p;branch=z9hG4bK2', 'SIP/2.0/UDP x;branch=z9hG4bK1'])
    expect(answer === undefined ? null : headerValue(answer, 'to')).to.equal(`<sip:c@d>;tag=${transaction.localTag}`)
  })

  it('repeats the answer to an INVITE until it is acknowledged', async () => {
    const { transaction, sent } = open('INVITE')
    transaction.respond({ status: 180 })
    transaction.respond({ status: 200 })
    mock.timers.tick(500)
    expect(sent.map((message) => (message.type === 'response' ? message.status : 0))).to.deep.equal([180, 200, 200])
    expect(transaction.isAcknowledgedBy('c1', 4)).to.equal(false)
    expect(transaction.isAcknowledgedBy('c1', 3)).to.equal(true)
    transaction.acknowledge()
    mock.timers.tick(60_000)
    expect(sent.length).to.equal(3)
    await transaction.finished
  })

  it('gives one final answer only', () => {
    const { transaction, sent } = open('INVITE')
    transaction.respond({ status: 487 })
    transaction.respond({ status: 200 })
    expect(transaction.isOpen).to.equal(false)
    expect(sent.length).to.equal(1)
    transaction.close()
  })

  it('says the same again to a request that comes twice', () => {
    const { transaction, sent } = open('BYE')
    transaction.repeat()
    expect(sent.length).to.equal(0)
    transaction.respond({ status: 200 })
    transaction.repeat()
    expect(sent[1]).to.deep.equal(sent[0])
  })
})
