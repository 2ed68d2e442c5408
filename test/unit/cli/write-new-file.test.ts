import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeNewFile } from '../../../cli/write-new-file.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../support/hooks.ts'
import { expectCode } from '../../support/rejection.ts'

/** Writes a piece, says when it is on the disk, and hangs. */
const WRITER = `
const { writeNewFile } = await import(process.argv[1])
const { stat } = await import('node:fs/promises')
const alive = setInterval(() => undefined, 1000)
await writeNewFile((async function* () {
  yield 'the first half'
  while ((await stat(process.argv[2])).size === 0);
  console.log('on the disk')
  await new Promise(() => undefined)
})(), process.argv[2])`

describe('a file that is written anew', () => {
  it('is whole, and its owner\'s alone', async () => {
    const file = join(await temporaryDirectory(), 'report.csv')
    await writeNewFile(['a', Buffer.from('b')], file)
    expect(await readFile(file, 'utf8')).to.equal('ab')
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
  })

  it('is none that is there', async () => {
    const file = join(await temporaryDirectory(), 'report.csv')
    await writeFile(file, 'of before')
    await expectCode(writeNewFile(['a'], file), 'CONFIG_INVALID')
    expect(await readFile(file, 'utf8')).to.equal('of before')
  })

  it('is gone where it could not be written to its end', async () => {
    const directory = await temporaryDirectory()
    const failing = async function* (): AsyncGenerator<string, void> {
      yield await Promise.resolve('the first half')
      throw new HoldfastError('STORE_FAILED', 'the store is away')
    }
    await expectCode(writeNewFile(failing(), join(directory, 'report.csv')), 'STORE_FAILED')
    expect(await readdir(directory)).to.deep.equal([])
  })

  it('is gone after Ctrl-C, of which the process dies', async function () {
    // A process starts.
    this.timeout(30_000)
    const file = join(await temporaryDirectory(), 'package.tar')
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, new URL('../../../cli/write-new-file.ts', import.meta.url).href, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(writer, 'close')
    try {
      await once(writer.stdout, 'data')
      writer.kill('SIGINT')
      expect(await closed).to.deep.equal([null, 'SIGINT'])
    } finally {
      writer.kill('SIGKILL')
    }
    expect(await access(file).then(() => 'there', () => 'gone')).to.equal('gone')
  })
})
