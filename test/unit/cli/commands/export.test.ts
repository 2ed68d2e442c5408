import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { bench, NO_FILTER } from './console-bench.ts'

describe('holdfast export create', () => {
  it('orders nothing where the file is there already', async () => {
    await bench(async ({ holdfast, store }) => {
      const file = join(await temporaryDirectory(), 'claim.tar')
      await writeFile(file, 'of before')
      const told = await holdfast('export', 'create', '--reason', 'claim 4711', '--from', '2026-03-01', '--out', file)
      expect(told).to.deep.include({ code: 2, out: '', err: `holdfast: ${file} cannot be written: it is there already. Nothing was ordered: choose another name [CONFIG_INVALID]` })
      expect((await store.audit.read({ ...NO_FILTER, action: 'export.requested' }, { first: 1, before: null })).entries).to.deep.equal([])
    })
  })

  it('orders nothing where the folder is not there', async () => {
    await bench(async ({ holdfast, store }) => {
      const file = join(await temporaryDirectory(), 'nowhere', 'claim.tar')
      const told = await holdfast('export', 'create', '--reason', 'claim 4711', '--from', '2026-03-01', '--out', file)
      expect(told).to.deep.include({ code: 2, out: '', err: `holdfast: ${file} cannot be written: there is no such file or directory. Nothing was ordered [CONFIG_INVALID]` })
      expect((await store.audit.read({ ...NO_FILTER, action: 'export.requested' }, { first: 1, before: null })).entries).to.deep.equal([])
    })
  })
})

describe('holdfast export verify', () => {
  it('says in words why a package, or the key, cannot be read', async () => {
    await bench(async ({ bare }) => {
      const key = join(await temporaryDirectory(), 'key.pem')
      await writeFile(key, '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA8v1Fa6mP54UO55e9P66iVrfmNVJ08oTVULIH3OTgIoc=\n-----END PUBLIC KEY-----\n')
      expect(await bare('export', 'verify', '/nowhere.tar', '--public-key', key)).to.deep.include({ code: 2, err: 'holdfast: /nowhere.tar cannot be read: there is no such file or directory [CONFIG_INVALID]' })
      expect(await bare('export', 'verify', '/nowhere.tar', '--public-key', '/nowhere.pem')).to.deep.include({ code: 2, err: 'holdfast: /nowhere.pem cannot be read: there is no such file or directory [CONFIG_INVALID]' })
    })
  })
})
