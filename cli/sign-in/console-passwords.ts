import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { Authentication } from '../../core/library/sign-in/authentication.ts'
import { PasswordHashing } from '../../core/library/sign-in/password-hash.ts'
import { Passwords } from '../../core/library/sign-in/passwords.ts'
import { Sessions } from '../../core/library/sign-in/sessions.ts'
import type { Requester } from '../../core/domain/actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { consoleRequester } from '../people/console-people.ts'
import { consoleRuntime } from '../runtime/service-runtime.ts'

/** The console's hands on passwords and sessions. */
export interface ConsolePasswords extends AsyncDisposable {
  readonly passwords: Passwords
  readonly requester: Requester
}

export async function openPasswords(config: string): Promise<ConsolePasswords> {
  const store = await openConsoleStore(loadSettingsDespitePolicy(config))
  const runtime = consoleRuntime()
  const audit = new AuditWriter({ audit: store.audit, runtime })
  const authentication: Authentication = new Authentication({ ...store, audit, runtime, sessionStands: (id) => sessions.stands(id) })
  const sessions = new Sessions({ store: store.signIn, authentication, runtime })
  const passwords = new Passwords({ store: store.signIn, people: store.people, authentication, sessions, hashing: new PasswordHashing(), audit, runtime, passwords: 'on' })
  return { passwords, requester: consoleRequester(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}
