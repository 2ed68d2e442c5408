import type { CaptureFact } from './capture-fact.ts'
import type { CallId, InteractionId, PbxId } from './ids.ts'
import { onTimeLine } from './time-line.ts'

/** A call on one PBX. */
export interface CallOfPbx {
  readonly pbxId: PbxId
  readonly callId: CallId
}

/** An interaction that a rule has looked at and that has not ended, as far as one capture node knows. */
export interface OpenInteraction {
  readonly id: InteractionId
  /** By our clock: of two, that of which is older goes on, at whatever PBX it began. */
  readonly startedAt: Date
  /** Whether a customer takes part in it: two that turn out to be one go on as hers. */
  readonly party: 'customer' | 'colleagues'
  readonly calls: readonly CallOfPbx[]
  /** What it is a part of now; `null`: of itself. */
  readonly mergedIntoId: InteractionId | null
}

/** Facts that tell of which interactions are open. */
export type OpeningFact = Extract<CaptureFact, { readonly type: 'recording-requested' | 'interaction-merged' | 'interaction-ended' }>

/** Whether a fact changes which interactions are open. */
export function isOpeningFact(fact: CaptureFact): fact is OpeningFact {
  return fact.type === 'recording-requested' || fact.type === 'interaction-merged' || fact.type === 'interaction-ended'
}

/** The interaction of this fact after it; `null`: it is open no more, or was not. Told again, a fact changes nothing. */
export function afterOpeningFact(known: OpenInteraction | null, fact: OpeningFact): OpenInteraction | null {
  if (fact.type === 'interaction-ended') return null
  if (fact.type === 'interaction-merged') return { ...known ?? elsewhere(fact), mergedIntoId: known?.mergedIntoId ?? fact.mergedIntoId }
  const { interactionId, pbxId, callId, direction, at } = fact
  const party = direction === 'internal' ? 'colleagues' : 'customer'
  if (known === null) return { id: interactionId, startedAt: onTimeLine(fact, at), party, calls: [{ pbxId, callId }], mergedIntoId: null }
  const hasCall = known.calls.some((call) => call.pbxId === pbxId && call.callId === callId)
  return { ...known, party: known.party === 'customer' ? 'customer' : party, calls: hasCall ? known.calls : [...known.calls, { pbxId, callId }] }
}

/** Of another site: known here by its merging alone, so that what comes of it later is found with the others. */
function elsewhere({ interactionId: id, at: startedAt }: OpeningFact): OpenInteraction {
  return { id, startedAt, party: 'colleagues', calls: [], mergedIntoId: null }
}

/** Which of two interactions goes on when they turn out to be one: the customer's; of two alike, the one that is older. */
export function survivor(one: OpenInteraction, other: OpenInteraction): OpenInteraction {
  if (one.party !== other.party) return one.party === 'customer' ? one : other
  if (one.startedAt.getTime() !== other.startedAt.getTime()) return one.startedAt < other.startedAt ? one : other
  return one.id < other.id ? one : other
}
