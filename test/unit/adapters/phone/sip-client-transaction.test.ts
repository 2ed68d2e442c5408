import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { ClientTransaction } from '../../../../adapters/phone/sip-client-transaction.ts'
import { headerValue, type SipMessage, type SipRequest, type SipResponse } from '../../../../adapters/phone/sip-message.ts'

function request(method: string): SipRequest {
  return {
    type: 'request', method, uri: 'sip:agent@pbx', body: '',
    headers: [['Via', 'SIP/2.0/UDP x;branch=z9hG4bK1'], ['From', '<sip:a@b>;tag=1'], ['To', '<sip:c@d>'], ['Call-ID', 'c1'], ['CSeq', `3 ${method}`]],
  }
}

function response(status: number): SipResponse {
  return { type: 'response', status, reason: '', headers: [['To', '<sip:c@d>;tag=2']], body: '' }
}

function open(method: string): { transaction: ClientTransaction; sent: SipMessage[]; sentMethods: () => string[] } {
  const sent: SipMessage[] = []
  const transaction = new ClientTransaction({
    request: request(method),
    send: (message) => sent.push(message),
    onProvisional: () => undefined,
    startCancel: (cancel) => cancel.start(),
  })
  transaction.start()
  return { transaction, sent, sentMethods: () => sent.map((message) => (message.type === 'request' ? message.method : String(message.status))) }
}

describe('ClientTransaction', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('repeats a request at growing intervals until it is answered', async () => {
    const { transaction, sent } = open('BYE')
    mock.timers.tick(500)
    mock.timers.tick(1000)
    expect(sent.length).to.equal(3)
    transaction.receive(response(200))
    mock.timers.tick(60_000)
    expect(sent.length).to.equal(3)
    expect((await transaction.response).status).to.equal(200)
  })

  it('never waits longer than four seconds between two repetitions, and gives up after 32', async () => {
    const { transaction, sent } = open('BYE')
    const outcome = transaction.response.then(() => 'answered', (error: unknown) => error)
    for (let elapsedMs = 0; elapsedMs < 32_000; elapsedMs += 500) mock.timers.tick(500)
    expect(sent.length).to.equal(11)
    expect(await outcome).to.have.property('code', 'PHONE_TIMEOUT')
    mock.timers.tick(60_000)
    expect(sent.length).to.equal(11)
  })

  it('does not repeat an INVITE that rings, however long', () => {
    const { transaction, sent } = open('INVITE')
    transaction.receive(response(180))
    mock.timers.tick(120_000)
    expect(sent.length).to.equal(1)
  })

  it('confirms a refusal, and again when it is repeated', () => {
    const { transaction, sent, sentMethods } = open('INVITE')
    transaction.receive(response(486))
    transaction.receive(response(486))
    expect(sentMethods()).to.deep.equal(['INVITE', 'ACK', 'ACK'])
    const acknowledgement = sent[1]
    expect(acknowledgement === undefined ? null : headerValue(acknowledgement, 'to')).to.equal('<sip:c@d>;tag=2')
    expect(acknowledgement === undefined ? null : headerValue(acknowledgement, 'cseq')).to.equal('3 ACK')
    expect(acknowledgement === undefined ? null : headerValue(acknowledgement, 'via')).to.equal('SIP/2.0/UDP x;branch=z9hG4bK1')
  })

  it('confirms a success as often as it is repeated', () => {
    const { transaction } = open('INVITE')
    let acknowledgements = 0
    transaction.receive(response(200))
    transaction.acknowledgeWith(() => (acknowledgements += 1))
    transaction.receive(response(200))
    expect(acknowledgements).to.equal(2)
  })

  it('cancels as soon as the peer has shown a sign of life', () => {
    const { transaction, sentMethods } = open('INVITE')
    transaction.cancel()
    expect(sentMethods()).to.deep.equal(['INVITE'])
    transaction.receive(response(100))
    transaction.cancel()
    expect(sentMethods()).to.deep.equal(['INVITE', 'CANCEL'])
  })

  it('stops everything when the telephone is closed', async () => {
    const { transaction, sent } = open('INVITE')
    const outcome = transaction.response.then(() => 'answered', (error: unknown) => error)
    transaction.close()
    mock.timers.tick(60_000)
    expect(sent.length).to.equal(1)
    expect(await outcome).to.have.property('code', 'PHONE_CALL_FAILED')
  })
})
