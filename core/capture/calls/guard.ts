import { isHoldfastError } from '../../domain/errors.ts'
import type { CaptureContext } from './capture-context.ts'

type About = Readonly<Record<string, string>>

/** One's trouble is not another's: it is said and counted, and the next is tried. What the journal refused is thrown at the end, and said by whoever tries it again. */
export class Guard {
  readonly #context: Pick<CaptureContext, 'pbxId' | 'runtime'>
  readonly #failure: string
  #refused: unknown = null

  /** @param failure - what is said of each that fails */
  constructor(context: Pick<CaptureContext, 'pbxId' | 'runtime'>, failure: string) {
    this.#context = context
    this.#failure = failure
  }

  async run(about: About, work: () => Promise<void> | void): Promise<void> {
    const { pbxId, runtime } = this.#context
    try {
      await work()
    } catch (error) {
      if (isHoldfastError(error, 'STORE_FAILED')) {
        this.#refused ??= error
        return
      }
      runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
      runtime.log.error({ pbxId, ...about, error }, this.#failure)
    }
  }

  /** Call it when all were tried: whoever handles the event tries it again until the journal takes it. @throws HoldfastError `STORE_FAILED` */
  rethrow(): void {
    if (this.#refused !== null) throw this.#refused
  }
}

/** Forgets what has been done, and what has failed for good. What the journal refused is tried again, and has to be known then. */
export async function thenForget(work: () => Promise<void>, forget: () => void): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isHoldfastError(error, 'STORE_FAILED')) forget()
    throw error
  }
  forget()
}
