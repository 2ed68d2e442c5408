import { expect } from 'chai'
import { describe, it } from 'mocha'
import { exportFailure } from '../../../../cli/export/export-failure.ts'

describe('why a package was not made', () => {
  it('says what to do where something can be done, and tells the code else', () => {
    expect(exportFailure('ENCODER_MISSING')).to.include('ffmpeg is not installed here').and.include('--audio wav')
    expect(exportFailure('STORE_FAILED')).to.equal('STORE_FAILED')
  })
})
