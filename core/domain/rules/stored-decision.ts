import type { AttachedData } from '../attached-data.ts'
import type { PauseRight } from '../policy.ts'
import type { Recording } from '../recording.ts'
import type { Decision } from './decision.ts'
import { dialplanWord } from './decision.ts'
import type { DecisionInput, Occasion } from './decision-input.ts'
import { type KeptTerms, NEVER_TERMS, NO_RULE, type RecordingTerms, termsOfKept } from './rule.ts'

/** What a recording knows, and its decision, from before there were rules over all facts of a call, did not. */
type Around = Pick<Recording, 'interactionId' | 'requestedAt' | 'direction' | 'pbxId' | 'site' | 'queue' | 'agent'>

/** The decision of the first version: rules that looked at attached data, caller and dialled number. */
interface EarlierDecision extends Pick<Decision, 'outcome' | 'sides' | 'rule' | 'policyVersion' | 'partitions' | 'pause'> {
  readonly input: { readonly attached: AttachedData; readonly caller: string | null; readonly callee: string | null }
}

/** A decision as JSON holds it, of today or of the first version of the catalogue. */
type Stored = TodaysDecision | EarlierDecision

interface TodaysDecision extends Omit<Decision, 'input' | 'terms'> {
  readonly terms: KeptTerms
  readonly input: Omit<DecisionInput, 'at' | 'occasion'> & {
    readonly at: string
    /** Missing before telephones were recorded by themselves. */
    readonly occasion?: Occasion
  }
}

/** The decision that was stored as JSON with a recording; an earlier form is filled up from the recording. */
export function decisionOfStored(json: string, recording: Around): Decision {
  const stored = JSON.parse(json) as Stored
  if ('decider' in stored) return { ...stored, terms: termsOfKept(stored.terms), input: { ...stored.input, occasion: stored.input.occasion ?? 'route', at: new Date(stored.input.at) } }
  const input = inputOf(stored.input, recording)
  return {
    ...stored,
    input,
    decider: stored.rule === NO_RULE.name ? 'no-rule' : 'rule',
    asked: dialplanWord(input),
    // The earlier rules always overruled the dialplan.
    sidesBy: stored.rule === NO_RULE.name ? 'dialplan' : 'rule',
    labels: [],
    terms: termsOf(stored.pause),
    lookedAt: [],
    draws: [],
    quotas: [],
    accounts: [],
    partitionsRefused: 0,
  }
}

function inputOf(input: EarlierDecision['input'], recording: Around): DecisionInput {
  const { interactionId, requestedAt, direction, pbxId, site, queue, agent } = recording
  return {
    ...input,
    dialled: input.callee,
    interactionId,
    occasion: 'route',
    at: requestedAt,
    extensions: [],
    direction,
    queue,
    agent,
    businessUnit: null,
    customerType: null,
    language: null,
    pbx: pbxId,
    site,
  }
}

function termsOf(pause: PauseRight): RecordingTerms {
  return { ...NO_RULE.terms, pause: pause === 'forbidden' ? NEVER_TERMS.pause : NO_RULE.terms.pause }
}
