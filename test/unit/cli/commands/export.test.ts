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
})
