import { expect } from 'chai'
import { describe, it } from 'mocha'
import { execFileSync } from 'node:child_process'
import { constants } from 'node:fs'
import { mkdir, open as openFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DirectoryRecordingSource } from '../../../../adapters/spool/directory-recording-source.ts'
import { type OpenedRecordingSource, recordingSourceContract } from '../../../contract/recording-source.contract.ts'
import { collect } from '../../../support/bytes.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'

const NEVER = new AbortController().signal

recordingSourceContract('DirectoryRecordingSource', () => open().then(({ source, write }) => ({ source, write })))

describe('DirectoryRecordingSource', () => {
  it('does not see a symbolic link, wherever it leads', async () => {
    const { source, root, write } = await open()
    await write('holdfast/real.wav', Buffer.from('sound'))
    await write('secret', Buffer.from('a secret'))
    await symlink(join(root, 'secret'), join(root, 'holdfast/link.wav'))
    await symlink(join(root, 'holdfast/real.wav'), join(root, 'holdfast/inner.wav'))
    expect((await source.list(NEVER)).map((file) => file.name)).to.deep.equal(['holdfast/real.wav'])
    expect(await source.stat('holdfast/link.wav', NEVER)).to.equal(null)
    await expectCode(source.open('holdfast/link.wav', NEVER), 'SPOOL_FILE_MISSING')
  })

  it('does not follow a link that took the place of a file after it was looked at', async () => {
    const { source, root, write } = await open()
    await write('holdfast/a.wav', Buffer.from('sound'))
    await write('secret', Buffer.from('a secret'))
    const { bytes } = await source.open('holdfast/a.wav', NEVER)
    await rm(join(root, 'holdfast/a.wav'))
    await symlink(join(root, 'secret'), join(root, 'holdfast/a.wav'))
    await expectCode(collect(bytes), 'SPOOL_FILE_MISSING')
  })

  for (const end of ['nobody writes into', 'somebody holds open'] as const) {
    it(`does not wait for a pipe that took the place of a file after it was looked at, and that ${end}`, async () => {
      const { source, root, write } = await open()
      await write('holdfast/a.wav', Buffer.from('sound'))
      const { bytes } = await source.open('holdfast/a.wav', NEVER)
      const pipe = join(root, 'holdfast/a.wav')
      await rm(pipe)
      execFileSync('mkfifo', [pipe])
      await using _writer = end === 'nobody writes into' ? null : await openFile(pipe, constants.O_RDWR | constants.O_NONBLOCK)
      await expectCode(collect(bytes), 'SPOOL_FILE_MISSING')
    })
  }

  it('refuses a folder that is a link', async () => {
    const root = await temporaryDirectory()
    const elsewhere = await temporaryDirectory()
    await symlink(elsewhere, join(root, 'holdfast'))
    await expectCode(new DirectoryRecordingSource(root).list(NEVER), 'SPOOL_UNREACHABLE')
  })

  it('destroys a link, not what it leads to', async () => {
    const { source, root, write } = await open()
    await write('holdfast/a.wav', Buffer.from('sound'))
    await symlink(join(root, 'holdfast/a.wav'), join(root, 'holdfast/link.wav'))
    await source.remove('holdfast/link.wav', NEVER)
    expect((await source.list(NEVER)).map((file) => file.name)).to.deep.equal(['holdfast/a.wav'])
  })

  it('does not see folders, nor names that are not ours', async () => {
    const { source, root, write } = await open()
    await mkdir(join(root, 'holdfast/folder.wav'), { recursive: true })
    await write('holdfast/.hidden.wav', Buffer.from('x'))
    await write('holdfast/with blank.wav', Buffer.from('x'))
    expect(await source.list(NEVER)).to.deep.equal([])
  })

  it('reads no further than the file was long when it was opened', async () => {
    const { source, write } = await open()
    await write('holdfast/a.wav', Buffer.from('sound'))
    const { bytes, sizeBytes } = await source.open('holdfast/a.wav', NEVER)
    await write('holdfast/a.wav', Buffer.from('sound and more'))
    expect([sizeBytes, (await collect(bytes)).toString()]).to.deep.equal([5, 'sound'])
  })

  it('says when a file became shorter meanwhile', async () => {
    const { source, root, write } = await open()
    await write('holdfast/a.wav', Buffer.from('sound'))
    const { bytes } = await source.open('holdfast/a.wav', NEVER)
    await truncate(join(root, 'holdfast/a.wav'), 2)
    await expectCode(collect(bytes), 'SPOOL_FILE_INCOMPLETE')
  })

  it('gives an empty file as it is', async () => {
    const { source, write } = await open()
    await write('holdfast/a.wav', Buffer.alloc(0))
    const { bytes, sizeBytes } = await source.open('holdfast/a.wav', NEVER)
    expect([sizeBytes, (await collect(bytes)).length]).to.deep.equal([0, 0])
  })

  it('does not take a share that is not mounted for an empty spool', async () => {
    const source = new DirectoryRecordingSource(await temporaryDirectory())
    await expectCode(source.list(NEVER), 'SPOOL_UNREACHABLE')
    expect(await source.stat('holdfast/a.wav', NEVER)).to.equal(null)
  })

  it('names a root that is not there', async () => {
    const source = new DirectoryRecordingSource('/nowhere/recording')
    await expectCode(source.list(NEVER), 'SPOOL_UNREACHABLE')
    await expectCode(source.freeBytes(), 'SPOOL_UNREACHABLE')
  })

  it('knows how much space is left', async () => {
    expect(await (await open()).source.freeBytes()).to.be.greaterThan(0)
  })
})

async function open(): Promise<OpenedRecordingSource & { readonly root: string }> {
  const root = await temporaryDirectory()
  await mkdir(join(root, 'holdfast'))
  const write = async (name: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), bytes)
  }
  return { source: new DirectoryRecordingSource(root), write, root }
}
