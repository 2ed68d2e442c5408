import type { AttachedData, AttachedSource } from '../../domain/attached-data.ts'
import type { PbxId } from '../../domain/ids.ts'
import { admit } from '../../domain/rules/admit.ts'
import type { AttachedSchema } from '../../domain/rules/attached-schema.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { Runtime } from '../../ports/runtime.ts'

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
    if (event.type === 'recording-asked' || event.type === 'native-recording') return this.#handedOver(event)
    if (event.type === 'link-up') return { ...event, natives: event.natives.map((native) => this.#handedOver(native)) }
    return event
  }

  /** The dialplan has put it together, of its own variables and of headers. */
  #handedOver<T extends { readonly attached: AttachedData; readonly headers: AttachedData }>(event: T): T {
    return { ...event, attached: this.#data(event.attached, 'dialplan'), headers: this.#data(event.headers, 'sip-header') }
  }

  #data(attached: AttachedData, source: AttachedSource): AttachedData {
    return Object.fromEntries(Object.entries(attached).flatMap(([key, given]) => {
      const value = this.#value({ key, value: given, source })
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
