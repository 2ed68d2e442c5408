import { fileNames, type Recording } from '../domain/recording.ts'
import type { RecordingSource, SpoolFile } from '../ports/recording-source.ts'

/** Which spool files a verdict knows. One that is there and not in the list came later: nobody has read it. */
export interface SeenFiles {
  /** All that they hold is in the verdict: they may go when it is stored. */
  readonly read: readonly string[]
}

export function spoolNames(recording: Recording): readonly string[] {
  return recording.segments.flatMap(({ files }) => fileNames(files))
}

/** What of these is there now. */
export async function present(names: readonly string[], source: RecordingSource, signal: AbortSignal): Promise<readonly SpoolFile[]> {
  const files: SpoolFile[] = []
  for (const name of names) {
    const file = await source.stat(name, signal)
    if (file !== null) files.push(file)
  }
  return files
}

/** What is there and was not seen. */
export async function unread(recording: Recording, { read }: SeenFiles, at: { readonly source: RecordingSource; readonly signal: AbortSignal }): Promise<readonly SpoolFile[]> {
  const seen = new Set(read)
  return present(spoolNames(recording).filter((name) => !seen.has(name)), at.source, at.signal)
}
