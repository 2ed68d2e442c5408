import { describe, it } from 'mocha'
import { expect } from 'chai'
import { type ErrorCode, HoldfastError } from '../../../../core/domain/errors.ts'
import { MAX_ATTEMPTS, fateOf } from '../../../../core/ingest/fate.ts'

describe('fateOf', () => {
  it('drops what another worker has', () => {
    expect(fateOf(failure('JOB_LEASE_LOST'), 1)).to.deep.equal({ type: 'dropped' })
  })

  it('waits longer and longer, but never longer than five minutes', () => {
    const waits = [1, 2, 3, 9, 10, 5000].map((attempts) => fateOf(failure('STORE_FAILED'), attempts))
    expect(waits).to.deep.equal([1000, 2000, 4000, 256_000, 300_000, 300_000].map((afterMs) => ({ type: 'again', afterMs })))
  })

  for (const code of ['STORE_FAILED', 'NO_RECIPIENT', 'AUDIT_UNAVAILABLE', 'PBX_UNKNOWN', 'PBX_UNREACHABLE', 'PBX_TIMEOUT', 'SPOOL_UNREACHABLE'] as const) {
    it(`never gives up for ${code}: the fault is not the recording's`, () => {
      expect(fateOf(failure(code), 100_000).type).to.equal('again')
    })
  }

  it('looks again every second for a file that is being closed', () => {
    expect(fateOf(failure('SPOOL_FILE_INCOMPLETE'), 500)).to.deep.equal({ type: 'again', afterMs: 1000 })
  })

  it('gives up at once what cannot get better', () => {
    expect(fateOf(failure('SPOOL_FILE_BROKEN'), 1)).to.deep.equal({ type: 'given-up', reason: 'ingest-failed' })
    expect(fateOf(failure('ILLEGAL_TRANSITION'), 1)).to.deep.equal({ type: 'given-up', reason: 'ingest-failed' })
  })

  it('gives up in the end what might have got better', () => {
    expect(fateOf(new TypeError('a bug'), MAX_ATTEMPTS - 1).type).to.equal('again')
    expect(fateOf(new TypeError('a bug'), MAX_ATTEMPTS)).to.deep.equal({ type: 'given-up', reason: 'ingest-failed' })
    expect(fateOf(failure('SPOOL_FILE_MISSING'), MAX_ATTEMPTS)).to.deep.equal({ type: 'given-up', reason: 'spool-file-missing' })
  })
})

function failure(code: ErrorCode): HoldfastError {
  return new HoldfastError(code, 'for the test')
}
