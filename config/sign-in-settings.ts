import { wholeNumber, section, yesOrNo } from './leaves.ts'

/** How people come in. */
export const signInSchema = section({
  passwords: yesOrNo.default(true).describe('Whether users sign in with a password of this installation. `holdfast user password` sets one; a user without one cannot.'),
  idleMs: wholeNumber('milliseconds', 60_000, 86_400_000).default(1_800_000).describe('A session without a request ends after this time.'),
  lifetimeMs: wholeNumber('milliseconds', 300_000, 604_800_000).default(43_200_000).describe('And every session after this time.'),
})

export interface SignInSettings {
  readonly passwords: boolean
  readonly idleMs: number
  readonly lifetimeMs: number
}
