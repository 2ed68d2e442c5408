/** A test by its own words, and with those of what it stands in before them. */
export interface Reported {
  readonly title: string
  readonly fullTitle: string
}

export interface ReportedFailure extends Reported {
  readonly type: 'test' | 'hook'
  readonly error: string
}

/** What mocha said of one file, in the shape of mocha's own JSON report: as `npm run conformance` reads it. */
export interface WrittenReport {
  readonly stats: { readonly start: string }
  readonly passes: readonly Reported[]
  readonly pending: readonly Reported[]
  readonly failures: readonly ReportedFailure[]
}

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

export function fileReport({ passes, pending, failures }: WrittenReport): FileReport {
  const titles = (tests: readonly Reported[]): readonly string[] => tests.map(({ fullTitle }) => fullTitle)
  return { passed: titles(passes), pending: titles(pending), failed: failures.map(({ type, fullTitle, error }) => ({ type, title: fullTitle, error })) }
}
