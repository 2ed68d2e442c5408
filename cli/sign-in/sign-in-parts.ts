import type { Settings } from '../../config/settings.ts'
import type { SignInParts } from '../../core/library/library.ts'
import type { SignInStore } from '../../core/ports/sign-in-store.ts'

/** How people come in, as the settings say. */
export function signInParts({ signIn }: Settings, store: { readonly signIn: SignInStore }): SignInParts {
  const { passwords, idleMs, lifetimeMs } = signIn
  return { store: store.signIn, passwords: passwords ? 'on' : 'off', limits: { idleMs, lifetimeMs } }
}
