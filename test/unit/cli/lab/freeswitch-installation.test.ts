import { expect } from 'chai'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { findFreeSwitch, needFreeSwitch } from '../../../../cli/lab/freeswitch-installation.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'

/** A folder with a program that prints this, whatever it is asked. */
async function folderWith(name: string, prints: string): Promise<string> {
  const directory = join(await temporaryDirectory(), 'bin')
  await mkdir(directory)
  await writeFile(join(directory, name), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 })
  return directory
}
const PRINTED = 'FreeSWITCH version: 1.10.12-release~64bit ( 64bit)'

describe('the FreeSWITCH that demo and tests start', () => {
  it('is the one below the prefix, before the search path and the image', async () => {
    const prefix = join(await folderWith('freeswitch', PRINTED), '..')
    const other = await folderWith('freeswitch', 'FreeSWITCH version: 1.8.0')
    expect((await findFreeSwitch({ prefix, searchPath: [other], image: 'x' }))?.version).to.equal('1.10.12-release')
    expect((await findFreeSwitch({ prefix: null, searchPath: ['/nowhere', other], image: 'x' }))?.version).to.equal('1.8.0')
  })

  it('is in the image, where an engine runs it', async () => {
    const engine = await folderWith('podman', PRINTED)
    const found = await findFreeSwitch({ prefix: null, searchPath: [engine], image: 'some/freeswitch' })
    const { command, remove } = found?.launch({ directory: '/lab', readOnly: [] }) ?? {}
    expect(command?.slice(0, 3)).to.deep.equal([join(engine, 'podman'), 'run', '--rm'])
    expect(command?.at(-1)).to.equal('some/freeswitch')
    expect(remove).to.be.a('function')
  })

  it('is none where there is none, and the message names the choices', async () => {
    const request = { prefix: null, searchPath: ['/nowhere'], image: null }
    expect(await findFreeSwitch(request)).to.equal(null)
    const { message } = await expectCode(needFreeSwitch(request), 'LAB_UNAVAILABLE')
    expect(message).to.include('PATH').and.to.include('HOLDFAST_FREESWITCH=<prefix>').and.to.include('HOLDFAST_FREESWITCH_IMAGE=<image>')
  })

  it('is refused where what was named does not run', async () => {
    const broken = await folderWith('docker', 'something else')
    for (const request of [
      { prefix: '/nowhere', searchPath: [], image: null },
      { prefix: null, searchPath: ['/nowhere'], image: 'some/freeswitch' },
      { prefix: null, searchPath: [broken], image: 'some/freeswitch' },
    ]) await expectCode(findFreeSwitch(request), 'LAB_UNAVAILABLE')
  })
})
