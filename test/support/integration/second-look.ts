import { type Failed, type FileRun, hasFailed } from './file-run.ts'

/** More than these is no accident of a busy machine. */
export const MAX_SECOND_LOOKS = 3

export type AfterFirst =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'look-again'; readonly files: readonly string[] }
  | { readonly outcome: 'failed'; readonly because: string }

/**
 * What becomes of a run: real PBXs on a machine with two cores that others use, too, lose a frame now and then. A file in which something
 * failed is run once more, alone. That hides nothing: see {@link unsteadyLines}.
 */
export function afterFirst(runs: readonly FileRun[], secondLook: 'yes' | 'no'): AfterFirst {
  const files = runs.filter(hasFailed).map(({ file }) => file)
  if (runs.length === 0) return { outcome: 'failed', because: 'no file was run' }
  if (files.length === 0) return { outcome: 'passed' }
  if (secondLook === 'no') return { outcome: 'failed', because: `${files.length} files failed, and no second look is wanted (HOLDFAST_SECOND_LOOK=no)` }
  if (files.length > MAX_SECOND_LOOKS) return { outcome: 'failed', because: `${files.length} files failed: a second look is taken at ${MAX_SECOND_LOOKS} at most` }
  return { outcome: 'look-again', files }
}

/** Why the second run of a file does not make up for its first; `null` when it does. */
export function faultOfSecond(first: FileRun, second: FileRun | null): string | null {
  if (second === null) return 'was not run again'
  if (hasFailed(second)) return 'failed again'
  if (second.passed.length === 0) return 'had nothing to run the second time'
  // A test that is passed over the second time has not passed.
  const wanted = [...first.passed, ...first.failed.filter(({ type }) => type === 'test').map(({ title }) => title)]
  const missing = wanted.filter((title) => !second.passed.includes(title))
  return missing.length === 0 ? null : `did not run the second time: ${missing.join('; ')}`
}

/** What failed at first and passed alone, for everybody to see: a fault to mend. */
export function unsteadyLines(first: FileRun): readonly string[] {
  return told(first).flatMap(({ title, error }) => [`UNSTEADY: ${first.file}: "${title}" failed at first, passed alone`].concat(indented(error)))
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `    ${line}`)
}

function told({ failed, exitCode }: FileRun): readonly Failed[] {
  return failed.length > 0 ? failed : [{ type: 'hook', title: 'the file', error: exitCode === null ? 'its process was killed, or took too long' : `its process ended with code ${exitCode}, and told of no test that failed` }]
}
