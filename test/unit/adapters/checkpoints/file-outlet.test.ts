import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FileOutlet } from '../../../../adapters/checkpoints/file-outlet.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

const signal = new AbortController().signal

describe('a file of checkpoints', () => {
  it('has each line at its end, in a folder that is made for it', async () => {
    const file = join(await temporaryDirectory(), 'deep', 'checkpoints.jsonl')
    const outlet = new FileOutlet(file)
    for (const line of ['one', 'two', 'three']) await outlet.write(line, signal)
    expect(await readFile(file, 'utf8')).to.equal('one\ntwo\nthree\n')
    expect((await stat(file)).mode & 0o022).to.equal(0)
  })

  it('has a line of its own for what comes behind half a line', async () => {
    const file = join(await temporaryDirectory(), 'checkpoints.jsonl')
    await writeFile(file, 'one\n{"chain":"no')
    await new FileOutlet(file).write('two', signal)
    expect(await readFile(file, 'utf8')).to.equal('one\n{"chain":"no\ntwo\n')
  })

  it('is never another file to which somebody laid a link', async () => {
    const directory = await temporaryDirectory()
    await writeFile(join(directory, 'other'), 'untouched')
    await symlink(join(directory, 'other'), join(directory, 'checkpoints.jsonl'))
    const failed = await new FileOutlet(join(directory, 'checkpoints.jsonl')).write('one', signal).then(() => 'written', (error: unknown) => error instanceof Error && 'code' in error ? error.code : '')
    expect([failed, await readFile(join(directory, 'other'), 'utf8')]).to.deep.equal(['ELOOP', 'untouched'])
  })
})
