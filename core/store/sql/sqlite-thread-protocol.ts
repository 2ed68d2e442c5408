/** What SQLite takes and gives. */
export type SqlValue = string | number | bigint | null | Uint8Array

export interface SqliteOpenOptions {
  readonly file: string
  /** `read-only` sees the last commit and never waits for a writer. */
  readonly access: 'read-write' | 'read-only'
  /** How long the thread waits for another connection's write lock. */
  readonly busyTimeoutMs: number
}

export interface SqliteStatement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** What the main thread asks for; answered one by one, in order. */
export type SqliteRequest =
  | { readonly type: 'open'; readonly options: SqliteOpenOptions }
  /** One after the other; the first that fails is the last that was tried. */
  | { readonly type: 'run'; readonly statements: readonly SqliteStatement[] }
  /** Without an open transaction (SQLite ends it by itself when the disk is full) it does nothing. */
  | { readonly type: 'rollback' }
  | { readonly type: 'open-cursor'; readonly sql: string; readonly parameters: readonly SqlValue[] }
  | { readonly type: 'next-rows'; readonly count: number }
  | { readonly type: 'close-cursor' }
  | { readonly type: 'close' }

export interface SqliteResult {
  readonly rows: readonly unknown[]
  readonly changes: number
  readonly lastInsertRowid: number
}

export type SqliteReply =
  /** One for each statement. */
  | { readonly outcome: 'done'; readonly results: readonly SqliteResult[] }
  /** `code`: SQLite's extended result code by name, or `null` for a fault of the program. */
  | { readonly outcome: 'failed'; readonly message: string; readonly code: string | null }

export interface Numbered<T> {
  readonly id: number
  readonly body: T
}
