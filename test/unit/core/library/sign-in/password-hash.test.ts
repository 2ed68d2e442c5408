import { expect } from 'chai'
import { describe, it } from 'mocha'
import { PasswordHashing } from '../../../../../core/library/sign-in/password-hash.ts'
import { rejection } from '../../../../support/rejection.ts'

const CHEAP = { logN: 4, r: 8, p: 1 }

describe('hashes of passwords', () => {
  it('match the password that made them, in any form of its letters, and no other', async () => {
    const hashing = new PasswordHashing(CHEAP)
    const hash = await hashing.hash('Schöne Grüße, Änne')
    expect(hash).to.match(/^\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await hashing.matches('Schöne Grüße, Änne'.normalize('NFD'), hash)).to.equal(true)
    for (const wrong of ['schöne Grüße, Änne', 'Schöne Grüße, Änne ', '']) expect(await hashing.matches(wrong, hash), wrong).to.equal(false)
    expect(await hashing.hash('Schöne Grüße, Änne')).to.not.equal(hash)
  })

  it('match nothing where there is none, or one that nobody wrote', async () => {
    const hashing = new PasswordHashing(CHEAP)
    const hash = await hashing.hash('correct horse battery')
    for (const broken of [null, '', hash.slice(0, -1), hash.replace('ln=4', 'ln=40'), hash.replace('p=1', 'p=99'), '$2b$10$abc', hash.replace('$scrypt', '$scrypt$scrypt')]) {
      expect(await hashing.matches('correct horse battery', broken), String(broken)).to.equal(false)
    }
  })

  it('keep the parameters that made them, and say when those are old', async () => {
    const old = await new PasswordHashing(CHEAP).hash('correct horse battery')
    const hashing = new PasswordHashing({ logN: 5, r: 8, p: 1 })
    expect(await hashing.matches('correct horse battery', old)).to.equal(true)
    expect([hashing.isOutdated(old), hashing.isOutdated(await hashing.hash('correct horse battery'))]).to.deep.equal([true, false])
  })

  it('are made one after the other, and too many at once are sent away', async () => {
    const hashing = new PasswordHashing(CHEAP)
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => hashing.matches('x', null)))
    const refused = tried.filter(({ status }) => status === 'rejected')
    expect(refused).to.have.length(4)
    expect(await rejection(Promise.reject((refused[0] as PromiseRejectedResult).reason))).to.include({ code: 'RATE_LIMITED' })
    expect(await hashing.matches('x', null)).to.equal(false)
  })
})
