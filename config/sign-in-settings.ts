import { OIDC_ALGORITHMS, type OidcAlgorithm } from '../core/domain/oidc-algorithm.ts'
import { parseRoleName, type RoleName } from '../core/domain/actor.ts'
import { across, isLoopback, list, oneOf, parsed, section, text, wholeNumber, yesOrNo } from './leaves.ts'
import { hostOf } from './pbx-settings.ts'
import { z } from 'zod'

const ROLE = 'a default role, or one of your own: 1 to 40 of 0-9 a-z -, beginning with a letter'
const PROVIDER_URL = 'an http or https URL without user, query or fragment'
const providerUrl = z.string({ error: PROVIDER_URL }).max(512).refine((value) => providerUrlOf(value) !== null).meta({ allowed: PROVIDER_URL })
const DOTS = 'dots lead into maps, as in realm_access.roles'

const oidc = section({
  issuer: providerUrl.describe('The issuer, letter for letter as its tokens and its discovery document name it. http to this machine alone.'),
  audience: text.describe('What the tokens must name as their audience: an identifier for Holdfast alone, or tokens made for other services would be taken, too.'),
  jwksUrl: providerUrl.nullable().default(null).describe('Where its keys are; null: where its discovery document says.'),
  algorithms: list(oneOf(OIDC_ALGORITHMS), 'a list of RS256, ES256, EdDSA').min(1).default([...OIDC_ALGORITHMS]).describe('Signatures that are taken.'),
  skewMs: wholeNumber('milliseconds', 0, 300_000).default(60_000).describe('How far its clock and ours may differ.'),
  keepKeysMs: wholeNumber('milliseconds', 60_000, 86_400_000).default(600_000).describe('Its keys are asked for anew after this time: a key that it took back is refused by then.'),
  refetchAfterMs: wholeNumber('milliseconds', 1000, 600_000).default(30_000).describe('An unknown key id asks for them earlier, this often at most. So long may a new key wait, and so long is a provider that failed left alone.'),
  claims: section({
    name: text.default('preferred_username').describe('What she is called, in lists and in the audit.'),
    roles: text.default('roles').describe(`What \`signIn.oidc.roles\` looks at: one text, or a list; ${DOTS}.`),
    partitions: text.nullable().default(null).describe('Partitions that she reaches, such as /sales; null: none are named.'),
    units: text.nullable().default(null).describe('Ids of units that she leads; null: none.'),
    agent: text.nullable().default(null).describe('Her name as an agent; null: nobody is one.'),
  }).prefault({}).describe('Where in a token stands what.'),
  roles: list(section({
    claim: text.describe('A text that the claim of roles may hold.'),
    role: parsed(ROLE, parseRoleName).describe('The role that it makes.'),
  }), 'a list of at least one role').min(1).describe('Which claim makes which role: the first that fits. Whoever has none of them does not come in.'),
}).check(across((value, tell) => {
  const issuer = providerUrlOf(value['issuer'])
  for (const setting of ['issuer', 'jwksUrl']) {
    const url = providerUrlOf(value[setting])
    // Whoever can change the keys on their way is everybody: no setting allows it.
    if (url?.protocol === 'http:' && !isLoopback(hostOf(url))) tell([setting], `http to the remote host ${hostOf(url)} is refused: whoever changes the keys on their way comes in as anybody; use https`)
  }
  if (issuer?.protocol === 'https:' && providerUrlOf(value['jwksUrl'])?.protocol === 'http:') tell(['jwksUrl'], 'keys of an https issuer are taken over https alone')
}))

/** How people come in. */
export const signInSchema = section({
  passwords: yesOrNo.default(true).describe('Whether users sign in with a password of this installation. `holdfast user password` sets one; a user without one cannot.'),
  idleMs: wholeNumber('milliseconds', 60_000, 86_400_000).default(1_800_000).describe('A session without a request ends after this time.'),
  lifetimeMs: wholeNumber('milliseconds', 300_000, 604_800_000).default(43_200_000).describe('And every session after this time.'),
  tokensKnownMs: wholeNumber('milliseconds', 0, 3_600_000).default(900_000).describe('So long after the catalogue said last that a token is good, its holder pauses, starts and stops recordings while it does not answer (docs/mariadb.md). A token that is taken back in that time is refused later by as much; 0: nobody is let in by what was known.'),
  oidc: oidc.nullable().default(null).describe('An OpenID provider whose tokens are taken as `Authorization: Bearer`; null: none.'),
})

export interface OidcSettings {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string | null
  readonly algorithms: readonly OidcAlgorithm[]
  readonly skewMs: number
  readonly keepKeysMs: number
  readonly refetchAfterMs: number
  readonly claims: { readonly name: string; readonly roles: string; readonly partitions: string | null; readonly units: string | null; readonly agent: string | null }
  readonly roles: readonly { readonly claim: string; readonly role: RoleName }[]
}

export interface SignInSettings {
  readonly passwords: boolean
  readonly idleMs: number
  readonly lifetimeMs: number
  readonly tokensKnownMs: number
  readonly oidc: OidcSettings | null
}

function providerUrlOf(value: unknown): URL | null {
  const url = typeof value === 'string' ? URL.parse(value) : null
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? url : null
}
