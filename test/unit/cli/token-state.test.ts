import { expect } from 'chai'
import { describe, it } from 'mocha'
import { tokenState } from '../../../cli/token-state.ts'

describe('the state of a token', () => {
  const now = new Date('2026-11-22T08:00:00Z')
  const later = new Date('2026-11-22T08:00:01Z')

  it('is valid until it is revoked or expires', () => {
    expect(tokenState({ expiresAt: null, revokedAt: null }, now)).to.equal('valid')
    expect(tokenState({ expiresAt: later, revokedAt: null }, now)).to.equal('valid')
    expect(tokenState({ expiresAt: now, revokedAt: null }, now)).to.equal('expired')
    expect(tokenState({ expiresAt: later, revokedAt: now }, now)).to.equal('revoked')
  })
})
