import type { RecordingId } from './ids.ts'

/** What the large half of a sealed object is called; every attempt to store one has a name of its own. Its headers: header-blob.ts. */
export function payloadNameOf(recordingId: RecordingId, attempt: number): string {
  return `${recordingId}.${attempt}.payload`
}

/** The attempt that a payload's name tells; `null` for a name of another form. */
export function attemptOfPayload(payloadName: string): number | null {
  const attempt = /\.([1-9][0-9]{0,5})\.payload$/.exec(payloadName)?.[1]
  return attempt === undefined ? null : Number(attempt)
}
