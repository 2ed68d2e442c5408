import { HoldfastError } from '../../domain/errors.ts'
import type { PlanProgress } from '../../ports/retention-control.ts'
import type { Clock } from '../../ports/runtime.ts'

/** A request waits so long for an answer; the API gives up after 15 seconds (graphql/http-options.ts). */
const WAIT_MS = 10_000
/** Nothing is walked for longer: ten million rows take one to two minutes at the pace of test/bench/retention.bench.ts. */
const WORK_WITHIN_MS = 600_000
/** An answer that nobody was there for is kept so long for who asks again. */
const KEPT_MS = 60_000

interface Current<T> {
  readonly key: string
  readonly answer: Promise<T>
  looked: number
  of: number
  /** `null`: it goes on. */
  endedAt: Date | null
}

interface Parts {
  readonly clock: Clock
  /** When somebody has waited long enough: for tests that do not wait. */
  readonly patience?: () => AbortSignal
}

/** Work that takes longer than a request may. It goes on by itself, one at a time; whoever asks again for the same joins it, and takes its answer once. */
export class JoinedWork<T> {
  readonly #parts: Parts
  #current: Current<T> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param key - two questions with one key have one answer
   * @throws HoldfastError `QUERY_TIMEOUT` (retry) while it goes on, with how far it is; `RATE_LIMITED` (retry) while other work does; what the work throws
   */
  async join(key: string, work: (around: { readonly signal: AbortSignal; readonly onProgress: PlanProgress }) => Promise<T>, gone: AbortSignal): Promise<T> {
    const current = this.#standing(key) ?? this.#begin(key, work)
    const patience = AbortSignal.any([(this.#parts.patience ?? waiting)(), gone])
    const late = Promise.withResolvers<'late'>()
    const tell = (): void => late.resolve('late')
    patience.addEventListener('abort', tell, { once: true })
    if (patience.aborted) tell()
    try {
      const told = await Promise.race([current.answer.then((answer) => ({ answer }), (error: unknown) => ({ error })), late.promise])
      if (told === 'late') throw new HoldfastError('QUERY_TIMEOUT', `it goes on, and ${current.looked} of ${current.of} recordings were looked at: ask again for its answer`, { looked: current.looked, of: current.of })
      if (this.#current === current) this.#current = null
      if ('error' in told) throw told.error
      return told.answer
    } finally {
      patience.removeEventListener('abort', tell)
    }
  }

  #standing(key: string): Current<T> | null {
    const current = this.#current
    if (current === null) return null
    const isOver = current.endedAt !== null && this.#parts.clock.now().getTime() - current.endedAt.getTime() > KEPT_MS
    if (current.key === key && !isOver) return current
    if (current.endedAt === null) throw new HoldfastError('RATE_LIMITED', 'another plan of retention is being made: one at a time', {})
    return null
  }

  #begin(key: string, work: Parameters<JoinedWork<T>['join']>[1]): Current<T> {
    const current: Current<T> = { key, looked: 0, of: 0, endedAt: null, answer: Promise.resolve().then(() => work({
      signal: AbortSignal.timeout(WORK_WITHIN_MS),
      onProgress: (looked, of) => Object.assign(current, { looked, of }),
    })) }
    const end = (): void => {
      current.endedAt = this.#parts.clock.now()
    }
    current.answer.then(end, end)
    this.#current = current
    return current
  }
}

function waiting(): AbortSignal {
  return AbortSignal.timeout(WAIT_MS)
}
