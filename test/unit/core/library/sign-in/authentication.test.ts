import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseTokenId } from '../../../../../core/domain/ids.ts'
import { REFUSAL_WINDOW_MS } from '../../../../../core/library/sign-in/refused-attempts.ts'
import { formatToken, parseToken, randomToken, secretDigest } from '../../../../../core/library/sign-in/token-text.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench, OPERATOR } from '../library-bench.ts'

const ADDRESS = '192.0.2.1'
const WRONG = `hf_0123456789abcdef_${'A'.repeat(43)}`

describe('authentication', () => {
  it('turns a token into somebody with the reach of its role', async () => {
    const bench = await LibraryBench.open()
    const reached = async (text: string): Promise<unknown> => (await bench.library.authentication.authenticate(text, ADDRESS)).reach
    expect(await reached(await bench.token('administrator'))).to.equal('all')
    expect(await reached(await bench.token('integrator'))).to.equal('all')
    expect(await reached(await bench.token('integrator', ['/sales']))).to.deep.equal(['/sales'])
    expect(await reached(await bench.token('supervisor', ['/sales', '/support/gold']))).to.deep.equal(['/sales', '/support/gold'])
  })

  it('gives a token that was narrowed what it names of its role, in a listing and in what was handed out before, too', async () => {
    const bench = await LibraryBench.open()
    const { text, token } = await bench.mint.create({ label: 'desk', role: 'compliance-officer', permissions: ['play', 'search'], partitions: [], binding: null, expiresAt: null }, OPERATOR)
    const requester = await bench.library.authentication.authenticate(text, ADDRESS)
    expect(requester.role.permissions).to.deep.equal(['search', 'play'])
    expect((await bench.library.authentication.again(requester))?.role.permissions).to.deep.equal(['search', 'play'])
    expect((await bench.tokens.list()).map(({ permissions }) => permissions)).to.deep.equal([['search', 'play']])
    expect(bench.audit.entries.at(-1)?.details).to.deep.include({ role: 'compliance-officer', permissions: 'search,play' })
    await expectCode(bench.library.exports.request(requester, { ids: [], filter: null, audio: 'wav', recipient: null, reason: 'asked for' }), 'FORBIDDEN')
    await expectCode(bench.mint.create({ label: 'desk', role: 'supervisor', permissions: ['export'], partitions: ['/sales'], binding: null, expiresAt: null }, OPERATOR), 'CONFIG_INVALID')
    expect(await bench.tokens.list()).to.deep.equal([token])
  })

  it('gives a supervisor whose stored token names no partition no reach at all', async () => {
    const bench = await LibraryBench.open()
    const parts = randomToken()
    const { id } = parts
    await bench.tokens.create(
      { id, label: 'old', role: 'supervisor', permissions: null, partitions: [], binding: null, secretSha256: secretDigest(parts.secret), createdAt: bench.now, expiresAt: null, revokedAt: null },
      { at: bench.now, actor: OPERATOR, action: 'token.created', object: { type: 'token', id }, outcome: 'ok', reason: null, details: {}, personal: {} },
    )
    expect((await bench.library.authentication.authenticate(formatToken(parts), ADDRESS)).reach).to.deep.equal([])
  })

  it('refuses in the same words whatever is wrong, and says in the audit what it was', async () => {
    const bench = await LibraryBench.open()
    const good = await bench.token('administrator')
    const revoked = await bench.token('administrator')
    await bench.mint.revoke(parseTokenId(parseToken(revoked)?.id ?? ''), OPERATOR)
    const { text: expired } = await bench.mint.create({ label: 'short', role: 'administrator', permissions: null, partitions: [], binding: null, expiresAt: new Date(bench.now.getTime() + 1000) }, OPERATOR)
    bench.pass(1000)
    const attempts = { malformed: 'hf_x', unknown: WRONG, 'wrong-secret': `${good.slice(0, -43)}${'A'.repeat(43)}`, revoked, expired }
    const messages = new Set<string>()
    for (const [index, text] of Object.values(attempts).entries()) messages.add((await expectCode(bench.library.authentication.authenticate(text, `192.0.2.${index}`), 'UNAUTHENTICATED')).message)
    expect(messages.size).to.equal(1)
    const told = bench.audit.entries.filter(({ action }) => action === 'sign-in.refused')
    expect(told.map(({ reason }) => reason)).to.deep.equal(Object.keys(attempts))
    expect(JSON.stringify(told)).to.not.include('A'.repeat(43))
  })

  it('refuses a request without a token, and neither counts nor audits it', async () => {
    const bench = await LibraryBench.open()
    for (let round = 0; round < 20; round += 1) await expectCode(bench.library.authentication.authenticate(null, ADDRESS), 'UNAUTHENTICATED')
    expect(bench.audit.entries).to.deep.equal([])
  })

  it('tells a network after ten refusals, for a minute, that it is refused, and writes no more of it', async () => {
    const bench = await LibraryBench.open()
    const { authentication } = bench.library
    for (let round = 0; round < 10; round += 1) await expectCode(authentication.authenticate(WRONG, ADDRESS), 'UNAUTHENTICATED')
    for (let round = 0; round < 5; round += 1) await expectCode(authentication.authenticate(WRONG, ADDRESS), 'RATE_LIMITED')
    expect(bench.audited().filter((action) => action === 'sign-in.refused refused')).to.have.length(10)
    bench.pass(REFUSAL_WINDOW_MS)
    await expectCode(authentication.authenticate(WRONG, ADDRESS), 'UNAUTHENTICATED')
  })

  it('lets a good token in from a noisy address, and a token that was good no longer', async () => {
    const bench = await LibraryBench.open()
    const { authentication } = bench.library
    const good = await bench.token('administrator')
    const { actor } = await authentication.authenticate(good, ADDRESS)
    for (let round = 0; round < 10; round += 1) await expectCode(authentication.authenticate(WRONG, ADDRESS), 'UNAUTHENTICATED')
    await authentication.authenticate(good, ADDRESS)
    await bench.tokens.revoke(parseTokenId(actor.id), bench.now, { at: bench.now, actor, action: 'token.revoked', object: { type: 'token', id: actor.id }, outcome: 'ok', reason: null, details: {}, personal: {} })
    await expectCode(authentication.authenticate(good, ADDRESS), 'RATE_LIMITED')
  })

  it('counts an IPv6 network as one', async () => {
    const bench = await LibraryBench.open()
    const { authentication } = bench.library
    for (let host = 1; host <= 10; host += 1) await expectCode(authentication.authenticate(WRONG, `2001:db8:1:2::${host}`), 'UNAUTHENTICATED')
    await expectCode(authentication.authenticate(WRONG, '2001:db8:1:2:aaaa:bbbb:cccc:dddd'), 'RATE_LIMITED')
    await expectCode(authentication.authenticate(WRONG, '2001:db8:1:3::1'), 'UNAUTHENTICATED')
  })

  it('refuses although the audit cannot be written', async () => {
    const bench = await LibraryBench.open()
    bench.audit.unavailable = true
    await expectCode(bench.library.authentication.authenticate(WRONG, ADDRESS), 'UNAUTHENTICATED')
    expect(bench.runtime.counted.get('holdfast_audit_failures_total')).to.equal(1)
  })

  it('knows whether somebody still stands', async () => {
    const bench = await LibraryBench.open()
    const { actor } = await bench.library.authentication.authenticate(await bench.token('administrator'), ADDRESS)
    expect(await bench.library.authentication.stands(actor)).to.equal(true)
    await bench.mint.revoke(parseTokenId(actor.id), OPERATOR)
    expect(await bench.library.authentication.stands(actor)).to.equal(false)
    expect(await bench.library.authentication.stands({ type: 'pbx', id: 'main' })).to.equal(false)
    expect(await bench.library.authentication.stands(OPERATOR)).to.equal(true)
  })
})
