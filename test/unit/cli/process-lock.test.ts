import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { ProcessLock } from '../../../cli/process-lock.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const refusal = (pid: number): HoldfastError => new HoldfastError('ALREADY_RUNNING', `held by ${pid}`, { pid })

async function outcome(taking: Promise<ProcessLock>): Promise<string> {
  return await taking.then(() => 'taken', (error: unknown) => error instanceof HoldfastError ? error.message : String(error))
}

describe('a lock of a process', () => {
  it('is held by one, and free when that one gives it back', async () => {
    const directory = await temporaryDirectory()
    const file = join(directory, 'lock')
    {
      await using _held = await ProcessLock.take(file, refusal)
      expect(await outcome(ProcessLock.take(file, refusal))).to.equal(`held by ${process.pid}`)
      expect(await readdir(directory)).to.deep.equal(['lock'])
    }
    expect(await readdir(directory)).to.deep.equal([])
    expect(await outcome(ProcessLock.take(file, refusal))).to.equal('taken')
  })

  it('is given to one of many who ask at once, also where an abandoned one lies', async () => {
    for (const left of [null, { pid: await deadPid(), startedAt: '1' }]) {
      const directory = await temporaryDirectory()
      const file = join(directory, 'lock')
      if (left !== null) await writeFile(file, JSON.stringify(left))
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(ProcessLock.take(file, refusal))))
      expect(outcomes.filter((each) => each === 'taken')).to.have.length(1)
      expect(await readdir(directory)).to.deep.equal(['lock'])
    }
  })

  it('is taken over from a process that is gone', async () => {
    const file = join(await temporaryDirectory(), 'lock')
    await writeFile(file, JSON.stringify({ pid: await deadPid(), startedAt: '1' }))
    expect(await outcome(ProcessLock.take(file, refusal))).to.equal('taken')
    expect(JSON.parse(await readFile(file, 'utf8'))).to.include({ pid: process.pid })
  })

  it('is taken over when another process has the number now', async () => {
    const file = join(await temporaryDirectory(), 'lock')
    await writeFile(file, JSON.stringify({ pid: process.pid, startedAt: '1' }))
    expect(await outcome(ProcessLock.take(file, refusal))).to.equal(process.platform === 'linux' ? 'taken' : `held by ${process.pid}`)
  })

  for (const text of ['', '4711', '{"pid":-1,"startedAt":null}', 'nonsense']) {
    it(`is taken over where the file holds ${JSON.stringify(text)}`, async () => {
      const file = join(await temporaryDirectory(), 'lock')
      await writeFile(file, text)
      expect(await outcome(ProcessLock.take(file, refusal))).to.equal('taken')
    })
  }
})

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}
