import type { AttachedData, AttachedSource } from '../domain/attached-data.ts'
import type { PbxId } from '../domain/ids.ts'
import { admit } from '../domain/rules/admit.ts'
import type { AttachedSchema } from '../domain/rules/attached-schema.ts'
import type { PbxEvent } from '../ports/pbx-event.ts'
import type { Runtime } from '../ports/runtime.ts'

/** What was handed over with a request: the dialplan put it together. */
const HANDED_OVER: AttachedSource = 'dialplan'

/**
 * Lets attached data of a PBX's events in, or not: behind this nobody meets a value that the schema keeps out or masks.
 * What is refused is counted by its reason; neither key nor value goes to the log.
 */
export class AttachedGate {
  readonly #schema: () => AttachedSchema
  readonly #pbxId: PbxId
  readonly #runtime: Runtime

  constructor(parts: { readonly schema: () => AttachedSchema; readonly pbxId: PbxId; readonly runtime: Runtime }) {
    this.#schema = parts.schema
    this.#pbxId = parts.pbxId
    this.#runtime = parts.runtime
  }

  /** The event without what is not let in; `null` when nothing of it is left. */
  event(event: PbxEvent): PbxEvent | null {
    if (event.type === 'attached-changed') {
      const value = this.#value(event.change)
      return value === null ? null : { ...event, change: { ...event.change, value } }
    }
    if (event.type === 'recording-asked' || event.type === 'native-recording') return { ...event, attached: this.#data(event.attached) }
    if (event.type === 'link-up') return { ...event, natives: event.natives.map((native) => ({ ...native, attached: this.#data(native.attached) })) }
    return event
  }

  #data(attached: AttachedData): AttachedData {
    return Object.fromEntries(Object.entries(attached).flatMap(([key, given]) => {
      const value = this.#value({ key, value: given, source: HANDED_OVER })
      return value === null ? [] : [[key, value] as const]
    }))
  }

  #value(change: Parameters<typeof admit>[1]): string | null {
    const admission = admit(this.#schema(), change)
    if (admission.outcome === 'kept') return admission.value
    const reason = admission.outcome === 'masked' ? `masked-${admission.because}` : admission.reason
    this.#runtime.metrics.count('holdfast_attached_refused_total', { pbx: this.#pbxId, reason })
    if (admission.outcome === 'masked') return admission.value
    this.#runtime.log.debug({ pbxId: this.#pbxId, reason }, 'attached data not let in')
    return null
  }
}
