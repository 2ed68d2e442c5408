import { expect } from 'chai'
import { describe, it } from 'mocha'
import { storeOfName } from '../../../../core/domain/blob-place.ts'
import { headerBlobName, headerBlobNames } from '../../../../core/domain/header-blob.ts'

describe('the blobs of a header', () => {
  it('are named after the payload: the first as ingest writes it, each later one with its version', () => {
    expect(headerBlobName('797088153600064.1.payload', 1)).to.equal('797088153600064.1.header')
    expect(headerBlobName('797088153600064.1.payload', 2)).to.equal('797088153600064.1.2.header')
  })

  it('lie in the store of the payload, under names that a store takes', () => {
    const name = headerBlobName('branch-office-16.797088153600064.12.payload', 1234)
    expect(storeOfName(name)).to.equal('branch-office-16')
    expect(name).to.match(/^[0-9a-z][0-9a-z.-]{0,63}$/)
  })

  it('are destroyed with those before, and with the one that a rotation may be writing', () => {
    expect(headerBlobNames({ payloadName: '7.1.payload', headerVersion: 2 })).to.deep.equal(['7.1.header', '7.1.2.header', '7.1.3.header'])
  })
})
