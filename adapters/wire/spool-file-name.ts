import { HoldfastError } from '../../core/domain/errors.ts'

/** Our folder below the spool's root: what lies beside it is not ours to read, list or destroy. */
export const SPOOL_FOLDER = 'holdfast'

/** One folder, one name; the name begins with a letter or digit, so that it is neither `..` nor hidden. */
const NAME = /^holdfast\/[0-9A-Za-z][0-9A-Za-z._-]{0,250}$/

/** Whether this is a name that our recorders, or our dialplan, could have given. */
export function isSpoolFileName(name: string): boolean {
  return NAME.test(name)
}

/**
 * The name, unless it could lead anywhere else.
 * @throws HoldfastError `FIELD_REFUSED` unless `holdfast/` and one part of `0-9A-Za-z._-`
 */
export function guardedSpoolFileName(name: string): string {
  if (!isSpoolFileName(name)) throw new HoldfastError('FIELD_REFUSED', 'not the name of a spool file', { field: 'spool file', length: name.length })
  return name
}
