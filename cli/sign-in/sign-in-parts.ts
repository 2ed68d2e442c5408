import type { OidcSettings } from '../../config/sign-in-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { OidcProvider } from '../../core/crypto/oidc-provider.ts'
import type { SignInParts } from '../../core/library/library.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import type { SignInStore } from '../../core/ports/sign-in-store.ts'

/** How people come in, as the settings say. */
export function signInParts({ signIn }: Pick<Settings, 'signIn'>, store: { readonly signIn: SignInStore }, runtime: Runtime): SignInParts {
  const { passwords, idleMs, lifetimeMs, tokensKnownMs, oidc } = signIn
  return { store: store.signIn, passwords: passwords ? 'on' : 'off', limits: { idleMs, lifetimeMs }, tokensKnownMs, ...(oidc === null ? {} : { oidc: providerOf(oidc, runtime) }) }
}

function providerOf({ roles, ...options }: OidcSettings, runtime: Runtime): NonNullable<SignInParts['oidc']> {
  return { provider: new OidcProvider(options, runtime), mapping: roles }
}
