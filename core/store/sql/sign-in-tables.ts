/** How people come in. */
export interface SignInTables {
  readonly user_passwords: UserPasswordRow
  readonly sign_in_attempts: SignInAttemptsRow
  readonly sessions: SessionRow
}

export interface UserPasswordRow {
  readonly user_id: string
  readonly hash: string
  readonly changed_at: number
}

/** Of a user, or of a number of names that nobody has: of all networks that are strange to them, or of one (`who/network`). */
export interface SignInAttemptsRow {
  readonly attempt_key: string
  readonly attempts: number
  readonly last_at: number
  readonly locked_until: number | null
  readonly signed_in_at: number | null
}

export interface SessionRow {
  readonly id: string
  readonly user_id: string
  readonly secret_sha256: string
  readonly former_sha256: string | null
  readonly former_until: number | null
  readonly created_at: number
  readonly seen_at: number
  readonly expires_at: number
  readonly rights: string
  readonly address: string
}
