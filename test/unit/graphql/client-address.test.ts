import { expect } from 'chai'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'mocha'
import { clientAddress } from '../../../graphql/client-address.ts'

function from(peer: string, forwarded?: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  const request = new IncomingMessage(socket)
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

describe('the address of a client', () => {
  it('is its peer, whatever a header says', () => {
    expect(clientAddress(from('192.0.2.1', '203.0.113.9'), [])).to.equal('192.0.2.1')
    expect(clientAddress(from('::ffff:192.0.2.1'), [])).to.equal('192.0.2.1')
  })

  it('is what a trusted proxy saw, not what the client wrote to the left of it', () => {
    expect(clientAddress(from('10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2'), ['10.0.0.1', '10.0.0.2'])).to.equal('203.0.113.9')
  })

  it('is the proxy when it says nothing', () => {
    expect(clientAddress(from('10.0.0.1'), ['10.0.0.1'])).to.equal('10.0.0.1')
    expect(clientAddress(from('10.0.0.1', ' , '), ['10.0.0.1'])).to.equal('10.0.0.1')
  })

  it('does not fill the audit', () => {
    expect(clientAddress(from('10.0.0.1', 'x'.repeat(4000)), ['10.0.0.1']).length).to.equal(64)
  })
})
