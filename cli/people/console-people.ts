import { InvalidArgumentError } from 'commander'
import { INSTANT, parseInstant } from '../../config/people/instant.ts'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { DEFAULT_ROLES, type Requester } from '../../core/domain/actor.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { PeopleAdministration } from '../../core/library/people/people.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'

/** The console's hands on users, roles and units. */
export interface ConsolePeople extends AsyncDisposable {
  readonly people: PeopleAdministration
  readonly requester: Requester
  readonly store: ConsoleStore
}

export async function openPeople(config: string): Promise<ConsolePeople> {
  const store = await openConsoleStore(loadSettingsDespitePolicy(config))
  const runtime = consoleRuntime()
  const people = new PeopleAdministration({ people: store.people, audit: new AuditWriter({ audit: store.audit, runtime }), clock: runtime.clock })
  return { people, store, requester: consoleRequester(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

/** Whoever may write the catalogue's file may do anything to it: the console is asked for no permission, and stands in the audit. */
export function consoleRequester(): Requester {
  return { actor: consoleActor(), role: DEFAULT_ROLES.administrator, label: '', reach: 'all', units: [], binding: null, address: 'local' }
}

/** An argument that one of our own parsers accepts. */
export function argument<Value>(parse: (text: string) => Value, allowed: string): (text: string) => Value {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      if (isHoldfastError(error)) throw new InvalidArgumentError(allowed)
      throw error
    }
  }
}

export function parseInstantArgument(text: string): Date {
  const at = parseInstant(text)
  if (at === null) throw new InvalidArgumentError(`${INSTANT}.`)
  return at
}

/** `2026-03-01 09:30`, or a word for what has no such end. */
export function shownTime(at: Date | null, otherwise: string): string {
  return at === null || at.getTime() === 0 ? otherwise : at.toISOString().slice(0, 16).replace('T', ' ')
}
