import type { PbxAdapter } from '../../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../../core/ports/pbx-event.ts'
import { until } from '../hooks.ts'

/** A PBX that boots, or a machine without a free core. */
const HEARD_WITHIN_MS = 20_000

export type EventOf<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** One adapter, started, and everything that it told so far. */
export class HeardEvents<A extends PbxAdapter = PbxAdapter> implements AsyncDisposable {
  readonly adapter: A
  readonly events: PbxEvent[] = []
  /** Resolves when the adapter tells nothing more. */
  readonly ended: Promise<void>

  constructor(adapter: A) {
    this.adapter = adapter
    adapter.start()
    this.ended = this.#read()
  }

  all<T extends PbxEvent['type']>(type: T, fits: (event: EventOf<T>) => boolean = () => true): readonly EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type).filter(fits)
  }

  /** The first event of this type that fits; waits for it. */
  async next<T extends PbxEvent['type']>(type: T, fits: (event: EventOf<T>) => boolean = () => true): Promise<EventOf<T>> {
    return await until(() => {
      const [found] = this.all(type, fits)
      if (found === undefined) throw new Error(`no such ${type} among ${this.events.map((event) => event.type).join(' ')}`)
      return found
    }, { withinMs: HEARD_WITHIN_MS })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.adapter[Symbol.asyncDispose]()
    await this.ended
  }

  async #read(): Promise<void> {
    for await (const event of this.adapter.events()) this.events.push(event)
  }
}
