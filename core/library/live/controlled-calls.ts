import { may, type Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { CaptureControl, LiveCall } from '../../ports/capture-control.ts'
import type { AccessScope, RecordingRepository } from '../../ports/recording-repository.ts'
import { reaches } from '../access/access.ts'

/** A thing that has an id. */
export type NamedTarget = { readonly recordingId: RecordingId } | { readonly interactionId: InteractionId }
/** What a requester may name. `current`: the call that she has now. */
export type ControlTarget = NamedTarget | { readonly current: true }

/** The same answer for what is not there and for what is not the requester's. */
export function notFound(target: ControlTarget): HoldfastError {
  if ('current' in target) return new HoldfastError('NO_LIVE_CALL', 'there is no call at your desk now')
  if ('recordingId' in target) return new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: target.recordingId })
  return new HoldfastError('INTERACTION_NOT_FOUND', 'there is no such interaction', { interactionId: target.interactionId })
}

/**
 * The call that a token's owner means: the one that she has now, or the one of hers to which the named thing belongs.
 * @throws HoldfastError `NO_LIVE_CALL`; `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`
 */
export async function ownCall(capture: CaptureControl, requester: Requester, target: ControlTarget): Promise<LiveCall> {
  const call = await findOwnCall(capture, requester, target)
  if (call === null) throw notFound(target)
  return call
}

/** The same, or `null`: whoever controls a team's calls may have calls of her own. */
export async function findOwnCall(capture: CaptureControl, requester: Requester, target: ControlTarget): Promise<LiveCall | null> {
  const { binding } = requester
  const calls = binding === null || !may(requester, 'control-own') ? [] : await capture.calls({ owner: binding })
  return calls.find((each) => belongs(each, target)) ?? null
}

/**
 * The calls in which a recording may be started, by somebody who sees recordings of this scope.
 * @throws HoldfastError `RECORDING_NOT_FOUND`; `INTERACTION_NOT_FOUND`; `NO_LIVE_CALL`: there was one, and it is over
 */
export async function startableCalls({ capture, repository }: { readonly capture: CaptureControl; readonly repository: RecordingRepository }, { target, scope, organisation }: { readonly target: NamedTarget; readonly scope: AccessScope; readonly organisation: Organisation }): Promise<readonly LiveCall[]> {
  const now = (await capture.calls(target)).filter((call) => reachesCall(scope, call, organisation))
  if (now.length > 0) return now
  // What has ended, or was never begun, the catalogue alone knows: it may name the interaction of a call that goes on.
  const interactionId = 'interactionId' in target ? target.interactionId : (await repository.find(target.recordingId, scope))?.interactionId
  const known = interactionId === undefined ? null : await repository.findInteraction(interactionId, scope)
  if (interactionId === undefined || known === null || known.recordings.length === 0) throw notFound(target)
  const calls = 'interactionId' in target ? [] : (await capture.calls({ interactionId })).filter((call) => reachesCall(scope, call, organisation))
  if (calls.length === 0) throw new HoldfastError('NO_LIVE_CALL', 'this call is over')
  return calls
}

function belongs({ interactionId, recordings, stopped }: LiveCall, target: ControlTarget): boolean {
  if ('current' in target) return true
  const all = [...recordings, ...stopped]
  if ('recordingId' in target) return all.some(({ id }) => id === target.recordingId)
  return interactionId === target.interactionId || all.some((recording) => recording.interactionId === target.interactionId)
}

/** By what is recorded of it, or what the rules said of it. */
function reachesCall(scope: AccessScope, { decision, recordings }: LiveCall, organisation: Organisation): boolean {
  return recordings.some((recording) => reaches(scope, recording, organisation)) || (decision !== null && reaches(scope, decision))
}
