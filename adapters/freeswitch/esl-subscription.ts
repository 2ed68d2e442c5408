import type { EslConnection } from './esl-connection.ts'

/** What an event socket is asked to tell. */
export interface EslSubscription {
  /** Names of events. */
  readonly events: readonly string[]
  /** Of `CUSTOM`. */
  readonly subclasses: readonly string[]
  /** Of these, which only those of an application have, no event is told that has one of the values. */
  readonly unheard: Readonly<Record<'Application' | 'Application-Data', readonly string[]>>
}

/**
 * The commands that ask for it. FreeSWITCH tells nothing any more as soon as it has a filter, until an event passes one: so the first
 * lets everything pass. One that begins with `-` takes back what passed, and compares whole values alone.
 * Source: FreeSWITCH 1.10 mod_event_socket.c, `event_handler`
 */
export function subscriptionLines({ events, subclasses, unheard }: EslSubscription): readonly string[] {
  const without = Object.entries(unheard).flatMap(([header, values]) => values.map((value) => `filter ${header} -${value}`))
  return ['filter Event-Name /./', ...without, `event json ${[...events, 'CUSTOM', ...subclasses].join(' ')}`]
}

/** In one go: over a distance each answer takes its time. Errors as `EslConnection.command`. */
export async function subscribe(connection: Pick<EslConnection, 'command'>, subscription: EslSubscription): Promise<void> {
  await Promise.all(subscriptionLines(subscription).map((line) => connection.command(line)))
}
