import type { EslConnection } from './esl-connection.ts'

/** Told of a command that any program gave. */
export const API_EVENT = 'API'

/** What an event socket is asked to tell. */
export interface EslSubscription {
  /** Names of events. */
  readonly events: readonly string[]
  /** API commands, of any program and any dialplan, that are told as an event `API`: FreeSWITCH tells one for each, and a route has dozens. */
  readonly commands: readonly string[]
  /** Of `CUSTOM`. */
  readonly subclasses: readonly string[]
  /** Of these, which only those of an application have, no event is told that has one of the values. */
  readonly unheard: Readonly<Record<'Application' | 'Application-Data', readonly string[]>>
}

/**
 * The commands that ask for it. FreeSWITCH tells nothing any more as soon as it has a filter, until an event passes one: so the first
 * lets everything pass but commands. One that begins with `-` takes back what passed, and compares whole values alone.
 * Source: FreeSWITCH 1.10 mod_event_socket.c, `event_handler`; switch_loadable_module.c, `switch_api_execute`
 */
export function subscriptionLines({ events, commands, subclasses, unheard }: EslSubscription): readonly string[] {
  const told = commands.map((command) => `filter API-Command ${command}`)
  const without = Object.entries(unheard).flatMap(([header, values]) => values.map((value) => `filter ${header} -${value}`))
  return [`filter Event-Name /^(?!${API_EVENT}$)/`, ...told, ...without, `event json ${[...events, API_EVENT, 'CUSTOM', ...subclasses].join(' ')}`]
}

/** In one go: over a distance each answer takes its time. Errors as `EslConnection.command`. */
export async function subscribe(connection: Pick<EslConnection, 'command'>, subscription: EslSubscription): Promise<void> {
  await Promise.all(subscriptionLines(subscription).map((line) => connection.command(line)))
}
