import { DEFAULT_RATES, type RequestRates } from '../core/library/access/request-rates.ts'
import type { AllowedOperations } from './allowed-operations.ts'
import type { QueryLimits } from './query-limits.ts'

/** One part that must work before traffic may come. */
export interface ComponentState {
  readonly component: string
  readonly ok: boolean
}

/** What the HTTP server does; what is left out has the default that is safe. */
export interface HttpOptions {
  /** For `/readyz`. Called for each probe. */
  readonly readiness: () => Promise<readonly ComponentState[]>
  /** For `/metrics`. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>
  /** `token` asks a token for `/metrics`; `public` gives it to everybody who reaches the port. */
  readonly metricsAccess: 'token' | 'public'
  /** Whether the schema may be asked for itself. */
  readonly introspection: 'on' | 'off'
  /** A page at `/graphql` on which a developer tries queries. It loads nothing from elsewhere. */
  readonly queryPage: 'on' | 'off'
  /** Origins whose pages may call this server, such as `https://desk.example.com`. */
  readonly corsOrigins: readonly string[]
  /** Where browsers see this server, such as `https://holdfast.example.com`; `null`: where they say in `Host`. */
  readonly publicOrigin: string | null
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** The only documents that are answered; `null`: all. */
  readonly operations: AllowedOperations | null
  readonly maxBodyBytes: number
  /** An answer that takes longer is given up. */
  readonly executionDeadlineMs: number
  /** How long `close` waits for what is being sent. */
  readonly closeDeadlineMs: number
  /** A listener who takes no byte for so long is cut off; a player asks again where it was. */
  readonly mediaStallMs: number
  readonly limits: QueryLimits
  /** How much one actor may ask: over GraphQL, of reports, of exports of the audit. */
  readonly rates: RequestRates
}

export const DEFAULT_HTTP_OPTIONS: Omit<HttpOptions, 'readiness' | 'metrics'> = {
  metricsAccess: 'token',
  introspection: 'on',
  queryPage: 'off',
  corsOrigins: [],
  publicOrigin: null,
  trustedProxies: [],
  operations: null,
  // The largest sensible query is a few kilobytes; attached-data conditions may add 16 values of 8 KiB.
  maxBodyBytes: 256 * 1024,
  // Above the five seconds that a pause may take.
  executionDeadlineMs: 15_000,
  closeDeadlineMs: 5000,
  mediaStallMs: 120_000,
  limits: { maxTokens: 2000, maxDepth: 12, maxAliases: 30, maxCost: 50_000 },
  rates: DEFAULT_RATES,
}
