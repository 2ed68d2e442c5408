import { describe, it } from 'mocha'
import { expect } from 'chai'
import { mkdir, readdir, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryBlobStore } from '../../../../core/store/directory-blob-store.ts'
import { blobStoreContract } from '../../../contract/blob-store.contract.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode, rejection } from '../../../support/rejection.ts'

blobStoreContract('DirectoryBlobStore', async () => new DirectoryBlobStore(await temporaryDirectory()))
blobStoreContract('MemoryBlobStore', async () => new MemoryBlobStore())

describe('DirectoryBlobStore', () => {
  for (const name of ['', '.', '..', '../x', 'a/b', '.a.part', 'A', 'a b', 'a\0', 'a'.repeat(65), 'ä']) {
    it(`never makes a path of ${JSON.stringify(name)}`, async () => {
      const root = await temporaryDirectory()
      const store = new DirectoryBlobStore(root)
      expect(await rejection(store.put(name, inPieces(patternBytes(1))))).to.be.instanceOf(TypeError)
      expect(await rejection(store.open(name))).to.be.instanceOf(TypeError)
      expect(await rejection(store.remove(name))).to.be.instanceOf(TypeError)
      expect(await readdir(root)).to.deep.equal([])
    })
  }

  it('spreads its files over folders that nobody else may enter', async () => {
    const root = await temporaryDirectory()
    const store = new DirectoryBlobStore(root)
    for (let number = 0; number < 20; number += 1) await store.put(`${number}.payload`, inPieces(patternBytes(1)))
    const shards = await readdir(root)
    expect(shards.length).to.be.greaterThan(10)
    expect((await stat(join(root, shards[0] ?? ''))).mode & 0o777).to.equal(0o700)
    const files = await readdir(root, { recursive: true, withFileTypes: true })
    for (const file of files.filter((entry) => entry.isFile())) {
      expect((await stat(join(file.parentPath, file.name))).mode & 0o777).to.equal(0o600)
    }
  })

  it('leaves no unfinished file behind when the bytes fail', async () => {
    const root = await temporaryDirectory()
    const store = new DirectoryBlobStore(root)
    await rejection(store.put('a', async function* () {
      yield patternBytes(100_000)
      throw new Error('the source broke')
    }()))
    expect(await filesBelow(root)).to.deep.equal([])
  })

  it('says STORE_FAILED where nothing can be written', async () => {
    const root = join(await temporaryDirectory(), 'file')
    await writeFile(root, '')
    const failure = await expectCode(new DirectoryBlobStore(root).put('a', inPieces(patternBytes(1))), 'STORE_FAILED')
    expect(failure.retry).to.equal(true)
    expect(failure.details['system']).to.be.oneOf(['EEXIST', 'ENOTDIR'])
  })

  it('never ends a read early: a blob that lost its end says so', async () => {
    const root = await temporaryDirectory()
    const store = new DirectoryBlobStore(root)
    await store.put('a', inPieces(patternBytes(1000)))
    const blob = await store.open('a')
    const [file] = await filesBelow(root)
    await truncate(file ?? '', 900)
    await expectCode(collect(blob?.read(0, 1000) ?? inPieces(patternBytes(0))), 'STORE_FAILED')
  })

  it('says BLOB_NOT_FOUND when the blob goes between opening and reading', async () => {
    const store = new DirectoryBlobStore(await temporaryDirectory())
    await store.put('a', inPieces(patternBytes(1000)))
    const blob = await store.open('a')
    await store.remove('a')
    await expectCode(collect(blob?.read(0, 1000) ?? inPieces(patternBytes(0))), 'BLOB_NOT_FOUND')
  })

  it('sweeps unfinished files that nobody writes to any more, and nothing else', async () => {
    const root = await temporaryDirectory()
    const store = new DirectoryBlobStore(root)
    await store.put('kept.part', inPieces(patternBytes(1)))
    await mkdir(join(root, 'ab'), { recursive: true })
    const [old, young] = [join(root, 'ab', '.1.payload.00ff.part'), join(root, 'ab', '.2.payload.00ff.part')]
    await writeFile(old, 'x')
    await writeFile(young, 'x')
    const bound = new Date('2026-01-02T00:00:00Z')
    await utimes(old, bound, new Date('2026-01-01T23:59:59Z'))
    expect(await store.sweep(bound)).to.equal(1)
    expect(await filesBelow(root)).to.include(young).and.not.include(old)
    expect((await store.open('kept.part'))?.sizeBytes).to.equal(1)
  })
})

async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
