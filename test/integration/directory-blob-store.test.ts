import { describe, it } from 'mocha'
import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DirectoryBlobStore } from '../../core/store/directory-blob-store.ts'
import { requireCommand } from '../support/commands.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'

const STORE = join(import.meta.dirname, '../../core/store/directory-blob-store.ts')

describe('DirectoryBlobStore in a process of its own', () => {
  it('says STORE_FAILED and leaves nothing when the disk takes no more', async function () {
    // A limit on the size of files fails a write as a full disk does, in the middle of a stream.
    const prlimit = await requireCommand(this, 'prlimit', 'util-linux')
    const root = await temporaryDirectory()
    const child = spawn(prlimit, ['--fsize=1000000', process.execPath, '--input-type=module', '-e', script(root, 'console.log("put")', 'console.log(error.code, error.details.system)')])
    expect((await output(child)).trim()).to.equal('STORE_FAILED EFBIG')
    expect(await filesBelow(root)).to.deep.equal([])
  })

  it('shows nothing of what it was writing when it was killed, and sweeps it', async () => {
    const root = await temporaryDirectory()
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(root, '', '')])
    const ended = once(child, 'exit')
    await until(async () => expect(await filesBelow(root)).to.have.length(1))
    child.kill('SIGKILL')
    await ended
    const store = new DirectoryBlobStore(root)
    expect(await store.open('a')).to.equal(null)
    expect(await store.sweep(new Date(Date.now() + 1000))).to.equal(1)
    expect(await filesBelow(root)).to.deep.equal([])
  })
})

/** Puts a stream that goes on for longer than any test. */
function script(root: string, after: string, failed: string): string {
  return `
    import { setTimeout as delay } from 'node:timers/promises'
    import { DirectoryBlobStore } from ${JSON.stringify(STORE)}
    const store = new DirectoryBlobStore(${JSON.stringify(root)})
    async function* bytes() {
      for (let piece = 0; piece < 10_000; piece += 1) {
        yield Buffer.alloc(65_536, 1)
        await delay(1)
      }
    }
    try {
      await store.put('a', bytes())
      ${after}
    } catch (error) {
      ${failed}
    }`
}

async function output(child: ChildProcess): Promise<string> {
  const [told] = await Promise.all([child.stdout === null ? '' : text(child.stdout), once(child, 'exit')])
  return told
}

async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}
