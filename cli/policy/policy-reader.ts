import type { KeyObject } from 'node:crypto'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { PolicyCheck } from '../../config/policy/read-policy.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { type TurnLimits, Turns } from './turns.ts'

/** The longest policy file is read in seconds (measured: 200 KB in half of one); a text that takes longer means no good. */
const READ_DEADLINE_MS = 10_000
/** Far above what a policy of 4 MB needs; a text that wants more ends its thread, and not the service. */
const MAX_HEAP_MB = 512

/** Threads beside one another take this one's processor and half a gigabyte each (seen: 30 stalled it for six seconds). Both numbers are guesses at what people who edit rules need. */
const DRAFT_TURNS: TurnLimits = { maxWaiting: 4, deadlineMs: READ_DEADLINE_MS }

/** What is to be read: a file with the key that it names, or a draft with the key in force. */
export type PolicyAsked =
  | { readonly type: 'file'; readonly file: string }
  | { readonly type: 'draft'; readonly text: string; readonly key: KeyObject }

export interface PolicyReader {
  /** @throws HoldfastError `QUERY_TIMEOUT` when it takes too long; `RATE_LIMITED` (retry) when too many drafts wait */
  read(asked: PolicyAsked): Promise<PolicyCheck>
}

/**
 * Reads each policy in a thread that lives for it alone: the calls of this process do not wait for half a second of YAML. Drafts one
 * at a time; the file, which is only ever read in its own turn, does not wait for them.
 */
export class ThreadedPolicyReader implements PolicyReader {
  readonly #drafts: Turns

  constructor(draftTurns: TurnLimits = DRAFT_TURNS) {
    this.#drafts = new Turns(draftTurns)
  }

  async read(asked: PolicyAsked): Promise<PolicyCheck> {
    return asked.type === 'file' ? await this.#read(asked) : await this.#drafts.take(() => this.#read(asked))
  }

  async #read(asked: PolicyAsked): Promise<PolicyCheck> {
    // The same extension as this file's own: `.ts` in development, `.js` once built.
    const worker = new Worker(new URL(`./policy-worker${extname(import.meta.url)}`, import.meta.url), { name: 'policy', workerData: asked, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } })
    const answer = Promise.withResolvers<PolicyCheck>()
    const late = new HoldfastError('QUERY_TIMEOUT', 'the policy took too long to read', { deadlineMs: READ_DEADLINE_MS })
    const timer = setTimeout(() => answer.reject(late), READ_DEADLINE_MS)
    worker.once('message', (check: PolicyCheck) => answer.resolve(check))
    worker.once('error', (error) => answer.reject(error))
    worker.once('exit', () => answer.reject(new Error('the thread that reads policies ended without an answer')))
    try {
      return await answer.promise
    } finally {
      clearTimeout(timer)
      await worker.terminate()
    }
  }
}
