import { describe, it } from 'mocha'
import { expect } from 'chai'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parsePbxId, parseTokenId } from '../../core/domain/ids.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { StoredToken, TokenStore } from '../../core/ports/token-store.ts'
import { seconds } from '../support/recording-facts.ts'
import { rejection } from '../support/rejection.ts'

const TOKEN: StoredToken = {
  id: parseTokenId('0123456789abcdef'), label: `desk 'A' "ü" 🤝 `, role: 'supervisor', permissions: ['search', 'play'], partitions: ['/sales/gold', '/süd'], secretSha256: 'ab'.repeat(32),
  binding: null, createdAt: seconds(0), expiresAt: seconds(3600), revokedAt: null,
}

/** What every token store does. `open` gives an empty one, and the audit log that it writes to. */
export function tokenStoreContract(name: string, open: () => Promise<{ readonly tokens: TokenStore; readonly audit: AuditLog }>): void {
  describe(`${name} is a TokenStore`, () => {
    it('gives back what it was given', async () => {
      const { tokens } = await open()
      const binding = { agent: 'Änne 🤝', desks: [{ pbxId: parsePbxId('main'), endpoint: 'PJSIP/200' }], sees: 'own' } as const
      const other: StoredToken = { ...TOKEN, id: parseTokenId('00000000000000ff'), role: 'agent', permissions: null, binding, expiresAt: null, partitions: [], createdAt: seconds(1) }
      await tokens.create(TOKEN, told('token.created'))
      await tokens.create(other, told('token.created'))
      expect(await tokens.find(TOKEN.id)).to.deep.equal(TOKEN)
      expect(await tokens.find(other.id)).to.deep.equal(other)
      expect(await tokens.list()).to.deep.equal([TOKEN, other])
      expect(await tokens.find(parseTokenId('ffffffffffffffff'))).to.equal(null)
    })

    it('revokes a token once, and says when there is none', async () => {
      const { tokens, audit } = await open()
      await tokens.create(TOKEN, told('token.created'))
      expect(await tokens.revoke(TOKEN.id, seconds(5), told('token.revoked'))).to.equal('revoked')
      expect(await tokens.revoke(TOKEN.id, seconds(9), told('token.revoked'))).to.equal('revoked')
      expect(await tokens.revoke(parseTokenId('ffffffffffffffff'), seconds(9), told('token.revoked'))).to.equal('unknown')
      expect(await tokens.find(TOKEN.id)).to.deep.equal({ ...TOKEN, revokedAt: seconds(5) })
      expect(await actions(audit)).to.deep.equal(['token.revoked', 'token.created'])
    })
  })
}

/** In a database a token and its audit entry are one: both are there or neither. */
export function tokenTransactionContract(name: string, open: () => Promise<{ readonly tokens: TokenStore; readonly audit: AuditLog }>): void {
  it(`${name} writes no audit entry for a token that was not made`, async () => {
    const { tokens, audit } = await open()
    await tokens.create(TOKEN, told('token.created'))
    await rejection(tokens.create(TOKEN, told('token.created')))
    expect(await actions(audit)).to.deep.equal(['token.created'])
  })
}

async function actions(audit: AuditLog): Promise<readonly string[]> {
  const { entries } = await audit.read({ objectId: null, actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
  return entries.map(({ entry }) => entry.action)
}

function told(action: AuditDraft['action']): AuditDraft {
  return { at: seconds(0), actor: { type: 'cli', id: 'root' }, action, object: { type: 'token', id: TOKEN.id }, outcome: 'ok', reason: null, details: { role: 'supervisor' }, personal: { label: TOKEN.label } }
}
