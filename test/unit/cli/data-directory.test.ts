import { expect } from 'chai'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { makeDataDirectory } from '../../../cli/data-directory.ts'
import { temporaryDirectory } from '../../support/hooks.ts'
import { expectCode } from '../../support/rejection.ts'

describe('the data directory', () => {
  it('is made for its owner alone, and taken as it is when it is there', async () => {
    const directory = join(await temporaryDirectory(), 'a/data')
    await makeDataDirectory(directory)
    expect((await stat(directory)).mode & 0o777).to.equal(0o700)
    await makeDataDirectory(directory)
  })

  it('that is a file, or lies below one, is a wrong setting and no fault of ours', async () => {
    const file = join(await temporaryDirectory(), 'data')
    await writeFile(file, '')
    expect((await expectCode(makeDataDirectory(file), 'CONFIG_INVALID')).message).to.include(`${file} cannot be made or written: it is there, and is no directory. As root: install -d`)
    expect((await expectCode(makeDataDirectory(join(file, 'below')), 'CONFIG_INVALID')).message).to.include('a part of its path is not a directory')
  })

  it('that cannot be made for another reason tells the code of the system', async () => {
    const told = await expectCode(makeDataDirectory(join(await temporaryDirectory(), 'x'.repeat(300))), 'CONFIG_INVALID')
    expect(told.message).to.include('cannot be made or written: ENAMETOOLONG')
  })
})
