import { open, readFile, rm } from 'node:fs/promises'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'

/** Held by the one demo that runs in a folder. */
export class DemoLock implements AsyncDisposable {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  /** @throws HoldfastError `LAB_UNAVAILABLE` while another demo runs in the same folder */
  static async take(file: string): Promise<DemoLock> {
    for (;;) {
      try {
        const handle = await open(file, 'wx')
        await handle.writeFile(String(process.pid))
        await handle.close()
        return new DemoLock(file)
      } catch (error) {
        if (!isExisting(error)) throw error
        await DemoLock.#clearAbandoned(file)
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#file, { force: true })
  }

  static async #clearAbandoned(file: string): Promise<void> {
    const pid = Number(await readFile(file, 'utf8').catch(() => ''))
    if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) {
      throw new HoldfastError('LAB_UNAVAILABLE', `another demo runs here (process ${pid}): end it with Ctrl-C, or give this one a folder of its own with --directory`, { pid })
    }
    await rm(file, { force: true })
  }
}

function isExisting(error: unknown): boolean {
  return !isHoldfastError(error) && error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process, or it is another user's: not a demo of ours.
    return false
  }
}
