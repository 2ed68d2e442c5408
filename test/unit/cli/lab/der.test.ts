import { expect } from 'chai'
import { describe, it } from 'mocha'
import { derElement, derInteger, derObjectIdentifier, derUtcTime } from '../../../../cli/lab/der.ts'

describe('DER', () => {
  it('writes lengths in the shortest form', () => {
    const header = (size: number): string => derElement(0x04, new Uint8Array(size)).subarray(0, derElement(0x04, new Uint8Array(size)).length - size).toString('hex')
    expect([0, 127, 128, 255, 256, 65_535].map(header)).to.deep.equal(['0400', '047f', '048180', '0481ff', '04820100', '0482ffff'])
  })

  it('keeps a number positive', () => {
    expect(derInteger(Buffer.from([0x80])).toString('hex')).to.equal('02020080')
    expect(derInteger(Buffer.from([0x7f])).toString('hex')).to.equal('02017f')
  })

  it('packs object identifiers', () => {
    expect(derObjectIdentifier('1.2.840.113549').toString('hex')).to.equal('06062a864886f70d')
  })

  it('writes time in UTC', () => {
    expect(derUtcTime(new Date('2026-01-02T03:04:05.678Z')).subarray(2).toString()).to.equal('260102030405Z')
  })
})
