import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { newIdentity } from '../../../../core/crypto/key-ring.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { bench } from './console-bench.ts'

describe('holdfast keys check', () => {
  it('proves nothing where nothing is recorded yet, and calls nothing a bad backup', async () => {
    await bench(async ({ holdfast }) => {
      const file = join(await temporaryDirectory(), 'identity.txt')
      const { fileText, recipient } = await newIdentity(new Date())
      await writeFile(file, fileText)
      const { code, out } = await holdfast('keys', 'check', file)
      expect(code).to.equal(1)
      expect(out).to.equal(`${file}: ${recipient}\nNo recording is stored: there was nothing to try it on.\nNothing is proved: make a recording, and try again.`)
    })
  })
})
