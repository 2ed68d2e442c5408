import type { CallOwner } from '../../domain/desk.ts'
import type { CallId, PbxId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import type { CallView } from './live-calls.ts'
import { recordedChannel } from '../calls/live-recordings.ts'

/** Whom a change may concern. */
interface Change {
  /** Who sits where has changed: everybody looks again. */
  readonly type: 'seats' | 'call'
  /** Telephones and named people in the call. */
  readonly desks: ReadonlySet<string>
  readonly agents: ReadonlySet<string>
}

/**
 * Tells those who watch their own calls that something of them may have changed: within the same turn of the event loop, without the
 * catalogue. A watcher is not woken for calls in which it has no telephone: hundreds of desks watch thousands of events.
 */
export class LiveChanges {
  #views: readonly CallView[] = []
  readonly #watchers = new Set<Watcher>()

  /** Where calls are looked up: call it once, when capture is tied together. */
  look(views: readonly CallView[]): readonly CallView[] {
    this.#views = views
    return views
  }

  /** Something of this call has changed: its legs, or what is recorded of it. Call it before a leg leaves, and after one came. */
  call(pbxId: PbxId, callId: CallId): void {
    const view = this.#watchers.size === 0 ? undefined : this.#views.find((each) => each.pbxId === pbxId)
    if (view !== undefined) this.#tell(changeOf(pbxId, view.tracker.ofCall(callId)))
  }

  /** Something of this recording has changed: its call may have got another id since it was asked for. */
  recording(recording: Recording): void {
    const { pbxId, callId, channelId } = recording
    const view = this.#watchers.size === 0 ? undefined : this.#views.find((each) => each.pbxId === pbxId)
    if (view === undefined) return
    const calls = [channelId, recordedChannel(recording)].map((leg) => leg === null ? undefined : view.tracker.find(leg)?.channel.callId)
    for (const id of new Set([callId, ...calls])) if (id !== undefined) this.call(pbxId, id)
  }

  seats(): void {
    this.#tell({ type: 'seats', desks: new Set(), agents: new Set() })
  }

  /** Watches from this call on, until the signal. What comes while the watcher looks is told once more, and once. */
  watch(owner: CallOwner, signal: AbortSignal): AsyncIterable<void> {
    const watcher = new Watcher((change) => this.#concerns(change, owner), signal)
    const leave = (): void => {
      this.#watchers.delete(watcher)
      watcher.wake()
    }
    if (!signal.aborted) this.#watchers.add(watcher)
    signal.addEventListener('abort', leave, { once: true })
    return turnsOf(watcher, () => {
      signal.removeEventListener('abort', leave)
      leave()
    })
  }

  #tell(change: Change): void {
    for (const watcher of this.#watchers) watcher.hear(change)
  }

  #concerns({ type, desks, agents }: Change, owner: CallOwner): boolean {
    if (type === 'seats' || (owner.agent !== null && agents.has(owner.agent))) return true
    const sitsAt = owner.agent === null ? [] : this.#views[0]?.seating.desksOf(owner.agent) ?? []
    return [...owner.desks, ...sitsAt].some(({ pbxId, endpoint }) => desks.has(keyOf(pbxId, endpoint)))
  }
}

function changeOf(pbxId: PbxId, legs: readonly TrackedChannel[]): Change {
  return {
    type: 'call',
    desks: new Set(legs.flatMap(({ channel: { endpoint } }) => endpoint === null ? [] : [keyOf(pbxId, endpoint)])),
    agents: new Set(legs.flatMap(({ agent, toldAgent }) => [agent, toldAgent].filter((name) => name !== null))),
  }
}

function keyOf(pbxId: PbxId, endpoint: string): string {
  return `${pbxId} ${endpoint}`
}

async function *turnsOf(watcher: Watcher, leave: () => void): AsyncIterableIterator<void> {
  try {
    while (await watcher.next()) yield
  } finally {
    leave()
  }
}

class Watcher {
  readonly #concerns: (change: Change) => boolean
  readonly #signal: AbortSignal
  #isDue = false
  #wake: (() => void) | null = null

  constructor(concerns: (change: Change) => boolean, signal: AbortSignal) {
    this.#concerns = concerns
    this.#signal = signal
  }

  hear(change: Change): void {
    if (this.#isDue || !this.#concerns(change)) return
    this.#isDue = true
    this.wake()
  }

  wake(): void {
    this.#wake?.()
  }

  /** Whether there is something to look at; `false` once the signal is aborted. */
  async next(): Promise<boolean> {
    while (!this.#isDue && !this.#signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    this.#isDue = false
    return !this.#signal.aborted
  }
}
