import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { interactionIdOf, NODE_TYPES, nodeId, parseNodeId, recordingIdOf } from '../../../graphql/node-id.ts'
import { connection, placeAfter } from '../../../graphql/connection.ts'

describe('an id of the API', () => {
  for (const type of NODE_TYPES) {
    it(`names a ${type} and nothing else`, () => {
      expect(parseNodeId(nodeId(type, '4096'))).to.deep.equal({ type, plainId: '4096' })
    })
  }

  it('may be the plain one where an argument wants a recording or an interaction', () => {
    expect(recordingIdOf('4096')).to.equal('4096')
    expect(recordingIdOf(nodeId('Recording', '4096'))).to.equal('4096')
    expect(interactionIdOf('talk-1')).to.equal('talk-1')
    expect(interactionIdOf(nodeId('Interaction', 'talk-1'))).to.equal('talk-1')
  })

  it('is refused where it is of another kind, or none', () => {
    for (const bad of [nodeId('Interaction', '4096'), '', '0', '-1', '99999999999999999999', 'x'.repeat(5000), '../4096', '4096\u0000', nodeId('Recording', '4096 ')]) {
      expect(() => recordingIdOf(bad), bad.slice(0, 20)).to.throw(HoldfastError).with.property('code', 'MALFORMED_ID')
    }
    for (const bad of [nodeId('Recording', '4096'), '', ' ', 'a b', 'x'.repeat(97), "a'--"]) {
      expect(() => interactionIdOf(bad), bad.slice(0, 20)).to.throw(HoldfastError).with.property('code', 'MALFORMED_ID')
    }
  })

  it('has one spelling', () => {
    const id = nodeId('Recording', '4096')
    for (const bad of [`${id}=`, `${id} `, ` ${id}`, `${id}!`, Buffer.from('Recording:4096').toString('base64')].filter((text) => text !== id)) {
      expect(() => parseNodeId(bad), bad).to.throw(HoldfastError).with.property('code', 'MALFORMED_ID')
    }
  })
})

describe('a cursor', () => {
  it('leads to the place after its node', () => {
    const { pageInfo, edges } = connection(['7', '5'], true, (place) => place)
    expect(edges.map(({ cursor }) => placeAfter(cursor))).to.deep.equal(['7', '5'])
    expect(pageInfo).to.deep.equal({ hasNextPage: true, hasPreviousPage: false, startCursor: edges[0]?.cursor, endCursor: edges[1]?.cursor })
  })

  it('is none on an empty page', () => {
    expect(connection([], false, String).pageInfo).to.include({ startCursor: null, endCursor: null })
  })

  it('is refused when it is no cursor', () => {
    for (const bad of ['', 'x', Buffer.from('before:0').toString('base64url'), Buffer.from('before:99999999999999999').toString('base64url'), Buffer.from('after:5').toString('base64url')]) {
      expect(() => placeAfter(bad), bad).to.throw(HoldfastError).with.property('code', 'CURSOR_INVALID')
    }
  })
})
