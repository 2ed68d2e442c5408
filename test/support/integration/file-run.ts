/** A test or a hook that failed. */
export interface Failed {
  readonly type: 'test' | 'hook'
  readonly title: string
  readonly error: string
}

/** What mocha said of the tests of one file, each by its full title. */
export interface FileReport {
  readonly passed: readonly string[]
  readonly pending: readonly string[]
  readonly failed: readonly Failed[]
}

/** One file, in a process of its own. */
export interface FileRun extends FileReport {
  readonly file: string
  /** `null`: killed, by its deadline or by somebody. */
  readonly exitCode: number | null
  readonly durationMs: number
}

export function hasFailed({ exitCode, failed }: Pick<FileRun, 'exitCode' | 'failed'>): boolean {
  return exitCode !== 0 || failed.length > 0
}
