import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { CallId, InteractionId, PbxId } from '../../domain/ids.ts'
import { afterOpeningFact, type CallOfPbx, isOpeningFact, type OpenInteraction } from '../../domain/open-interaction.ts'
import { IndexedMap } from './indexed-map.ts'

/** Which interactions are open on this node, which are one by now, and of which calls they consist. Fed with every fact that is durable. */
export class OpenInteractions {
  readonly #byId = new IndexedMap<InteractionId, OpenInteraction, 'call' | 'part'>({
    call: ({ calls }) => calls.map(keyOf), part: ({ mergedIntoId }) => mergedIntoId === null ? [] : [mergedIntoId],
  })
  /** Calls that became part of another on their PBX: where its legs are found now. */
  readonly #renamed = new Map<string, CallId>()
  readonly #gone = new Set<string>()

  restore(open: readonly OpenInteraction[]): void {
    for (const interaction of open) this.#byId.set(interaction.id, interaction)
  }

  apply(fact: CaptureFact): void {
    if (!isOpeningFact(fact)) return
    if (fact.type === 'recording-requested') this.#gone.delete(keyOf(fact))
    const known = this.#byId.get(fact.interactionId) ?? null
    const next = afterOpeningFact(known, fact)
    if (next !== null) this.#byId.set(next.id, next)
    else if (known !== null) this.#forget(known)
  }

  all(): readonly OpenInteraction[] {
    return this.#byId.values()
  }

  find(id: InteractionId): OpenInteraction | null {
    return this.#byId.get(id) ?? null
  }

  /** What an interaction is part of now: itself, or what it was merged into, followed to the end. */
  rootOf(id: InteractionId): InteractionId {
    const seen = new Set<InteractionId>()
    let root = id
    for (let next = this.#byId.get(root)?.mergedIntoId ?? null; next !== null && !seen.has(next); next = this.#byId.get(root)?.mergedIntoId ?? null) {
      seen.add(root)
      root = next
    }
    return root
  }

  isSame(one: InteractionId, other: InteractionId): boolean {
    return one === other || this.rootOf(one) === this.rootOf(other)
  }

  /** All that are one with this one; empty when none is open. */
  members(id: InteractionId): readonly OpenInteraction[] {
    return this.partsOf(id).flatMap((part) => this.#byId.get(part) ?? [])
  }

  /** The ids of all that are one with this one, its own among them, whether or not they are open. */
  partsOf(id: InteractionId): readonly InteractionId[] {
    const parts = new Set([this.rootOf(id), id])
    for (const part of parts) for (const merged of this.#byId.keysBy(['part', part])) parts.add(merged)
    return [...parts]
  }

  /** Interactions with a call of which legs are found under this name now, or were at first. */
  around(pbxId: PbxId, callId: CallId): readonly OpenInteraction[] {
    const renamed = [...this.#renamed].flatMap(([key, name]) => (name === callId ? [key] : []))
    return this.#byId.keysBy(...[keyOf({ pbxId, callId }), ...renamed].map((key) => ['call', key] as const)).flatMap((id) => this.#byId.get(id) ?? [])
  }

  /** The interaction that a call is part of now, or `null`. */
  ofCall(pbxId: PbxId, callId: CallId): OpenInteraction | null {
    const key = keyOf({ pbxId, callId })
    const isOfPbx = (each: string): boolean => each.startsWith(`${pbxId} `)
    const renamed = [...this.#renamed].flatMap(([each, name]) => name === callId && isOfPbx(each) ? [each] : [])
    const now = [...this.#renamed.has(key) ? [] : [key], ...renamed]
    const [id] = [...this.#byId.keysBy(...now.map((each) => ['call', each] as const)), ...this.#byId.keysBy(['call', key])]
    const found = id === undefined ? undefined : this.#byId.get(id)
    return found === undefined ? null : this.#byId.get(this.rootOf(found.id)) ?? found
  }

  /** The PBX has put the legs of a call under the name of another. */
  renamed(call: CallOfPbx, callId: CallId): void {
    for (const known of this.all().flatMap(({ calls }) => calls)) {
      if (known.pbxId === call.pbxId && this.nowCalled(known) === call.callId) this.#renamed.set(keyOf(known), callId)
    }
  }

  /** The name under which its legs are found now. */
  nowCalled(call: CallOfPbx): CallId {
    return this.#renamed.get(keyOf(call)) ?? call.callId
  }

  /** No leg of this call is left on its PBX. */
  callIsGone(call: CallOfPbx): void {
    this.#gone.add(keyOf(call))
  }

  /** Whether no leg of any call of the conversation is left, on no PBX of this node. */
  isOver(id: InteractionId): boolean {
    return this.members(id).every(({ calls }) => calls.every((call) => this.#gone.has(keyOf(call))))
  }

  #forget({ id, calls }: OpenInteraction): void {
    this.#byId.delete(id)
    for (const key of calls.map(keyOf).filter((each) => this.#byId.keysBy(['call', each]).length === 0)) {
      this.#renamed.delete(key)
      this.#gone.delete(key)
    }
  }
}

function keyOf({ pbxId, callId }: CallOfPbx): string {
  return `${pbxId} ${callId}`
}
