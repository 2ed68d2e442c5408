import { expect } from 'chai'
import { EslLink } from '../../adapters/freeswitch/esl-link.ts'
import type { EslSubscription } from '../../adapters/freeswitch/esl-subscription.ts'
import { EventReader, SUBSCRIPTION } from '../../adapters/freeswitch/event-reader.ts'
import { takeSnapshot } from '../../adapters/freeswitch/resync.ts'
import { CallTracker } from '../../core/capture/calls/call-tracker.ts'
import { type ChannelId, parseChannelId, parsePbxId } from '../../core/domain/ids.ts'
import type { LiveChannel, PbxEvent } from '../../core/ports/pbx-event.ts'
import { until } from './hooks.ts'
import { quietRuntime } from './quiet-runtime.ts'

export interface EslWatchOptions {
  readonly port: number
  readonly password: string
  readonly recordingDirectory: string
  /** Of attached data. */
  readonly keys: readonly string[]
  /** Of what is subscribed, what FreeSWITCH is to keep back. */
  readonly unheard?: EslSubscription['unheard']
}

type OfType<T extends PbxEvent['type']> = Extract<PbxEvent, { readonly type: T }>

/** A link with its reader, and what capture would know by what they tell. */
export class EslWatch {
  readonly events: PbxEvent[] = []
  /** Applications behind which FreeSWITCH told of a leg, in order. */
  readonly applications: string[] = []
  /** Commands that FreeSWITCH told of, in order. */
  readonly commands: string[] = []
  readonly #tracker = new CallTracker()
  readonly #link: EslLink

  private constructor({ port, password, recordingDirectory, keys, unheard = SUBSCRIPTION.unheard }: EslWatchOptions) {
    const runtime = quietRuntime()
    const pbxId = parsePbxId('lab')
    const wanted = { keys, headers: new Map<string, string>() }
    const reader = new EventReader({ pbxId, wanted: () => wanted, recordingDirectory, runtime, now: () => this.#link.now() })
    this.#link = new EslLink({
      pbxId, endpoint: { host: '127.0.0.1', port, password }, subscription: { ...SUBSCRIPTION, unheard }, runtime, random: () => 0,
      owner: {
        established: async (connection) => {
          const { channels, pbxStartedAt, found } = await takeSnapshot(connection, reader.snapshotContext)
          return () => {
            this.#tell({ type: 'link-up', at: this.#link.now(), channels, natives: [], pauses: [], members: null, pbxStartedAt })
            for (const event of reader.know(found)) this.#tell(event)
          }
        },
        event: (message) => {
          const application = message.get('Application')
          if (application !== null) this.applications.push(application)
          const command = message.get('API-Command')
          if (command !== null) this.commands.push(command)
          for (const event of reader.read(message)) this.#tell(event)
        },
        log: () => undefined,
        ended: () => reader.forgetAll(),
        heartbeat: () => null,
      },
    })
  }

  static start(options: EslWatchOptions): EslWatch {
    const watch = new EslWatch(options)
    watch.#link.start()
    return watch
  }

  now(): Date {
    return this.#link.now()
  }

  stop(): Promise<void> {
    return this.#link.stop()
  }

  async up(): Promise<void> {
    await until(() => expect(this.#link.state).to.equal('up'), { withinMs: 15_000 })
  }

  async down({ withinMs = 5000 } = {}): Promise<void> {
    await until(() => expect(this.#link.state).to.equal('down'), { withinMs })
  }

  all<T extends PbxEvent['type']>(type: T): readonly OfType<T>[] {
    return this.events.filter((event): event is OfType<T> => event.type === type)
  }

  count(type: PbxEvent['type']): number {
    return this.all(type).length
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type)
  }

  /** What the last link-up found. */
  found(): readonly LiveChannel[] {
    return this.all('link-up').at(-1)?.channels ?? []
  }

  /** Telephones that hear each other, by the names under which they registered or called. */
  together(): readonly (readonly string[])[] {
    const groups = this.#tracker.telephones().flatMap(({ bridgeId }) => (bridgeId === null ? [] : [this.#tracker.inBridge(bridgeId).map(({ channel }) => nameOf(channel.endpoint)).toSorted()]))
    return [...new Map(groups.map((group) => [group.join(), group])).values()]
  }

  /** Of all legs that exist. */
  attached(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#tracker.telephones().map(({ attached }) => attached)) as Record<string, string>
  }

  /** The leg of a telephone that is in a call; the last that began. */
  legOf(name: string): ChannelId {
    return this.#tracker.telephones().findLast(({ channel }) => nameOf(channel.endpoint) === name)?.channel.channelId ?? parseChannelId('none')
  }

  #tell(event: PbxEvent): void {
    this.events.push(event)
    this.#tracker.apply(event)
  }
}

function nameOf(endpoint: string | null): string {
  return /\/([^@]*)/.exec(endpoint ?? '')?.[1] ?? ''
}
