import type { JobMark } from '../ports/job-queue.ts'
import type { StoredMedia } from '../ports/recording-repository.ts'
import type { SeenFiles } from './spool-names.ts'
import type { Verdict } from './stitch-plan.ts'

/** What became of the sound: an object that is in the store, or a verdict that there is none to store. */
export type Sealed = { readonly outcome: 'stored'; readonly stored: StoredMedia; readonly files: SeenFiles } | Exclude<Verdict, { readonly outcome: 'sound' }>

/** Marks are flat; what later steps need lies in them as JSON, with its instants as text. */
export function verdictToMark(verdict: Verdict): JobMark['data'] {
  return { verdict: JSON.stringify(verdict) }
}

export function verdictFromMark(data: JobMark['data']): Verdict {
  return parse(data['verdict']) as Verdict
}

export function sealedToMark(sealed: Sealed): JobMark['data'] {
  if (sealed.outcome !== 'stored') return { sealed: JSON.stringify(sealed) }
  const { header, ...stored } = sealed.stored
  return { sealed: JSON.stringify({ ...sealed, stored }), header: Buffer.from(header).toString('base64') }
}

export function sealedFromMark(data: JobMark['data']): Sealed {
  const sealed = parse(data['sealed']) as Sealed
  if (sealed.outcome !== 'stored') return sealed
  return { ...sealed, stored: { ...sealed.stored, sounds: (sealed.stored as Partial<StoredMedia>).sounds ?? [], header: Buffer.from(String(data['header']), 'base64') } }
}

/** Every key that ends in `At` is an instant: the house rule for names makes this safe. */
function parse(text: string | number | undefined): unknown {
  return JSON.parse(String(text), (key, value: unknown) => (key.endsWith('At') && typeof value === 'string' ? new Date(value) : value))
}
