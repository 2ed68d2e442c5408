import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { ProcessLock } from '../../../cli/process-lock.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const refusal = (pid: number): HoldfastError => new HoldfastError('ALREADY_RUNNING', `held by ${pid}`, { pid })
const HOLDER = `
const { ProcessLock } = await import(process.argv[1])
ProcessLock.take(process.argv[2], (pid) => new Error('held by ' + pid))
console.log('taken')
setInterval(() => undefined, 1000)`

describe('a lock of a process', () => {
  it('is held by one, named to the others, and free when that one gives it back', async () => {
    const file = join(await temporaryDirectory(), 'lock')
    {
      using _held = ProcessLock.take(file, refusal)
      expect(() => ProcessLock.take(file, refusal)).to.throw(HoldfastError, `held by ${process.pid}`)
    }
    ProcessLock.take(file, refusal)[Symbol.dispose]()
  })

  it('tells who holds it, and nobody where that one is gone without a word', async () => {
    const file = join(await temporaryDirectory(), 'lock')
    expect(ProcessLock.holder(file)).to.equal(null)
    {
      using _held = ProcessLock.take(file, refusal)
      expect(ProcessLock.holder(file)).to.equal(process.pid)
    }
    expect(ProcessLock.holder(file)).to.equal(null)
    // No kernel gives such a number to a process.
    await writeFile(`${file}.pid`, String(2 ** 30))
    expect(ProcessLock.holder(file)).to.equal(null)
  })

  it('is refused while another process holds it, and free when that one is killed', async () => {
    const file = join(await temporaryDirectory(), 'lock')
    const module = new URL('../../../cli/process-lock.ts', import.meta.url).href
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLDER, module, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(holder, 'close')
    try {
      await once(holder.stdout, 'data')
      expect(() => ProcessLock.take(file, refusal)).to.throw(HoldfastError, `held by ${holder.pid}`)
    } finally {
      // Whatever was expected: no process is left, and mocha ends.
      holder.kill('SIGKILL')
      await closed
    }
    ProcessLock.take(file, refusal)[Symbol.dispose]()
  })
})
