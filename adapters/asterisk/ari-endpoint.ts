/** Where the REST interface of an Asterisk is, and who we are there. */
export interface AriEndpoint {
  /** `http://host:port` or `https://host:port`, without a path. */
  readonly url: string
  readonly username: string
  readonly password: string
  /** Certificates that are trusted, as PEM text; `null` = those that Node trusts. */
  readonly ca: string | null
}

/** A recording as ARI names it: below `<astspooldir>/recording`, without its extension, which is the format. */
export interface StoredRecording {
  readonly name: string
  readonly format: string
}

/** What an Asterisk tells about itself. */
export interface AsteriskInformation {
  readonly version: string | null
  /** Of its build, such as `OPTIONAL_API` and, in Debian's packages, `TEST_FRAMEWORK`. */
  readonly buildOptions: readonly string[]
  readonly startedAt: Date | null
}

/** What the worker is asked; each is one call of ari-client. */
export const ARI_QUESTIONS = ['information', 'stored-recordings'] as const
export type AriQuestion = (typeof ARI_QUESTIONS)[number]

export interface AriRequest {
  readonly id: number
  readonly question: AriQuestion
}

export type AriReply = { readonly id: number; readonly outcome: 'answered'; readonly body: unknown } | { readonly id: number; readonly outcome: 'failed'; readonly reason: string }
