import type { Controlled, ControlledRecording } from '../core/library/live/live-control.ts'
import { asPayload, describedError, type UserErrorModel } from './user-errors.ts'

interface ControlPayload {
  readonly results: readonly ControlledRecording[] | null
  readonly isPartial: boolean | null
  readonly unconfirmedPbxs: readonly string[] | null
  readonly userErrors: readonly UserErrorModel[]
}

/** What a PBX failure is to a caller who asked for silence: it did not come about. */
const NOT_CONFIRMED: UserErrorModel = { code: 'PAUSE_FAILED', message: 'the PBX did not confirm', field: null, retry: true }

/**
 * The payload of pause and resume. Each recording that failed is an error as well as a result: a client that looks at
 * `userErrors` only must not believe in a silence that is not there.
 */
export function controlPayload(act: () => Promise<Controlled>): Promise<ControlPayload> {
  return asPayload(async () => {
    const { recordings: results, unconfirmed: nodes } = await act()
    const failing = results.filter(({ result }) => result.outcome === 'failed')
    return {
      results,
      isPartial: failing.length < results.length && failing.length + nodes.length > 0,
      unconfirmedPbxs: [...new Set([...failing.map(({ recording }) => recording.pbxId), ...nodes.flatMap(({ pbxIds }) => pbxIds)])],
      userErrors: [...results.flatMap(({ result }) => result.outcome === 'failed' ? [controlErrorOf(result)] : []), ...nodes.map(controlErrorOf)],
    }
  }, { results: null, isPartial: null, unconfirmedPbxs: null })
}

/** The failure as the caller is told it: an operator's code says nothing to them. */
export function controlErrorOf({ code, message }: { readonly code: Parameters<typeof describedError>[0]; readonly message: string }): UserErrorModel {
  return describedError(code, message) ?? NOT_CONFIRMED
}
