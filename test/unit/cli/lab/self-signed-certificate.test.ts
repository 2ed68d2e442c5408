import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { selfSignedCertificate } from '../../../../cli/lab/self-signed-certificate.ts'

const NOW = new Date('2026-11-22T12:00:00Z')

describe('selfSignedCertificate', () => {
  const { certificatePem, keyPem } = selfSignedCertificate(NOW)
  const certificate = new X509Certificate(certificatePem)

  it('is signed by its own key and may vouch for itself', () => {
    expect(certificate.verify(certificate.publicKey)).to.equal(true)
    expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).to.equal(true)
    expect(certificate.ca).to.equal(true)
  })

  it('stands for the loopback interface', () => {
    expect(certificate.checkHost('localhost')).to.equal('localhost')
    expect(certificate.checkIP('127.0.0.1')).to.equal('127.0.0.1')
    expect(certificate.checkIP('192.0.2.1')).to.equal(undefined)
  })

  it('is valid from the day before for a year', () => {
    expect(new Date(certificate.validFrom).toISOString()).to.equal('2026-11-21T12:00:00.000Z')
    expect(new Date(certificate.validTo).toISOString()).to.equal('2027-11-22T12:00:00.000Z')
  })

  it('has a serial number of its own each time', () => {
    expect(new X509Certificate(selfSignedCertificate(NOW).certificatePem).serialNumber).not.to.equal(certificate.serialNumber)
  })
})
