import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createToken, revokeToken, tokenState } from '../../../cli/tokens.ts'
import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import { parseTokenId } from '../../../core/domain/ids.ts'
import { parseToken, secretDigest } from '../../../core/library/token-text.ts'
import type { StoredToken, TokenStore } from '../../../core/ports/token-store.ts'

const now = new Date('2026-11-22T08:00:00Z')

function store(): { readonly tokens: TokenStore; readonly created: StoredToken[]; readonly audit: AuditDraft[] } {
  const created: StoredToken[] = []
  const audit: AuditDraft[] = []
  const tokens: TokenStore = {
    create: (token, draft) => Promise.resolve(void (created.push(token), audit.push(draft))),
    find: () => Promise.resolve(null),
    list: () => Promise.resolve(created),
    revoke: (_id, _at, draft) => Promise.resolve(void audit.push(draft)).then(() => 'revoked' as const),
  }
  return { tokens, created, audit }
}

describe('a token made at the console', () => {
  it('stores a digest that the printed text proves, and never the text', async () => {
    const at = store()
    const { text, token } = await createToken(at, { role: 'supervisor', label: 'sales desk', partitions: ['/sales', '/sales'], expiresInMs: 60_000, now })
    expect(token).to.deep.include({ role: 'supervisor', partitions: ['/sales'], createdAt: now, expiresAt: new Date('2026-11-22T08:01:00Z'), revokedAt: null })
    expect(secretDigest(parseToken(text)?.secret ?? '')).to.equal(token.secretSha256)
    expect(JSON.stringify([at.created, at.audit])).not.to.include(parseToken(text)?.secret)
  })

  it('is told to the audit with its maker, its label apart', async () => {
    const at = store()
    const { token } = await createToken(at, { role: 'integrator', label: 'crm', partitions: [], expiresInMs: null, now })
    await revokeToken(at, token.id, now)
    expect(at.audit.map(({ action, object, actor, personal }) => ({ action, object: object.id, actor: actor.type, personal }))).to.deep.equal([
      { action: 'token.created', object: token.id, actor: 'cli', personal: { label: 'crm' } },
      { action: 'token.revoked', object: token.id, actor: 'cli', personal: {} },
    ])
  })

  it('is valid until it is revoked or expires', () => {
    expect(tokenState({ expiresAt: null, revokedAt: null }, now)).to.equal('valid')
    expect(tokenState({ expiresAt: now, revokedAt: null }, now)).to.equal('expired')
    expect(tokenState({ expiresAt: null, revokedAt: now }, now)).to.equal('revoked')
    expect(parseTokenId('0123456789abcdef')).to.equal('0123456789abcdef')
  })
})
