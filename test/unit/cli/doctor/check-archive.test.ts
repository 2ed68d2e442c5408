import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkArchive } from '../../../../cli/doctor/check-archive.ts'
import { parseStoreName } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

describe('what doctor says of the archive', () => {
  const settingsIn = (folder: string) => ({
    archive: { store: 'cold', play: true, erasable: true, attached: [] }, objects: { type: 'directory' as const, path: join(folder, 'own') },
    stores: [{ name: parseStoreName('cold'), type: 'directory' as const, path: join(folder, 'cold') }],
  })

  it('is nothing where there is none', async () => {
    expect(await checkArchive({ ...settingsIn('/nowhere'), archive: null })).to.deep.equal([])
  })

  it('is that it takes objects and gives them back; none is left', async () => {
    const folder = await temporaryDirectory()
    const [check] = await checkArchive(settingsIn(folder))
    expect(check?.found).to.match(/^the store cold takes objects and gives them back; \d+\.\d GiB free$/)
    const left = await readdir(join(folder, 'cold'), { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile())).to.deep.equal([])
  })

  it('is that it does not work, and why', async () => {
    const folder = await temporaryDirectory()
    await mkdir(join(folder, 'own'))
    await writeFile(join(folder, 'cold'), 'no folder')
    const [check] = await checkArchive(settingsIn(folder))
    expect(check).to.deep.include({ subject: 'archive', status: 'fail' })
    expect(check?.found).to.match(/\((ENOTDIR|EEXIST)\)$/)
  })
})
