import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseTokenId } from '../../../../../core/domain/ids.ts'
import type { NewToken } from '../../../../../core/library/sign-in/token-mint.ts'
import { parseToken } from '../../../../../core/library/sign-in/token-text.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench, OPERATOR } from '../library-bench.ts'

const GOOD: NewToken = { label: 'desk', role: 'integrator', permissions: null, partitions: [], binding: null, expiresAt: null }

describe('the token mint', () => {
  it('stores a digest and never the secret', async () => {
    const bench = await LibraryBench.open()
    const { text, token } = await bench.mint.create(GOOD, OPERATOR)
    expect(text).to.match(/^hf_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
    const secret = parseToken(text)?.secret ?? ''
    expect(JSON.stringify([await bench.tokens.list(), bench.audit.entries])).to.not.include(secret)
    expect(token.secretSha256).to.match(/^[0-9a-f]{64}$/)
    expect(bench.audited()).to.deep.equal(['token.created'])
  })

  it('never makes the same token twice', async () => {
    const bench = await LibraryBench.open()
    const made = await Promise.all(Array.from({ length: 50 }, async () => (await bench.mint.create(GOOD, OPERATOR)).text))
    expect(new Set(made).size).to.equal(50)
  })

  it('revokes, says so once in the audit, and knows what it never made', async () => {
    const bench = await LibraryBench.open()
    const { token } = await bench.mint.create(GOOD, OPERATOR)
    expect(await bench.mint.revoke(token.id, OPERATOR)).to.equal('revoked')
    expect(await bench.mint.revoke(token.id, OPERATOR)).to.equal('revoked')
    expect(await bench.mint.revoke(parseTokenId('ffffffffffffffff'), OPERATOR)).to.equal('unknown')
    expect(bench.audited()).to.deep.equal(['token.created', 'token.revoked'])
  })

  it('refuses what cannot be meant', async () => {
    const bench = await LibraryBench.open()
    const past = new Date(bench.now.getTime() - 1)
    const bad: readonly Partial<NewToken>[] = [{ label: ' ' }, { label: 'x'.repeat(101) }, { label: 'two\nlines' }, { role: 'supervisor' }, { expiresAt: past }, { partitions: Array.from({ length: 33 }, (_, index) => `/p${index}`) }]
    for (const wanted of bad) await expectCode(bench.mint.create({ ...GOOD, ...wanted }, OPERATOR), 'CONFIG_INVALID')
    await expectCode(bench.mint.create({ ...GOOD, partitions: ['sales'] }, OPERATOR), 'FILTER_INVALID')
    expect(await bench.tokens.list()).to.deep.equal([])
  })
})
