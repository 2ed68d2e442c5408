import type { RecordedSide } from '../policy.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import type { DecisionInput } from './decision-input.ts'
import type { Policy } from './policy.ts'
import { countsShifted, type QuotaCounts } from './quota.ts'

/** What new data of a running call changes. Nothing here stops or shortens what is being recorded. */
export interface Reevaluation {
  /** Of the call from now on, and `previous` of the next time; the very same object when nothing changes. */
  readonly decision: Decision
  /** What the rules would say to this call if it came now: the decision of a recording that starts now. */
  readonly anew: Decision
  readonly starts: readonly RecordedSide[]
  readonly partitionsGained: readonly string[]
  readonly labelsGained: readonly string[]
  /** The rules would no longer record these sides. They go on; say so in the audit and raise an alarm when the decider is `never`. */
  readonly wouldStop: readonly RecordedSide[]
}

/** What is known of the call now. */
export interface Renewed {
  readonly input: DecisionInput
  readonly counts: QuotaCounts
}

/**
 * Decides a running call again after its data changed, or the policy did. It may start recording late, and gain partitions and
 * labels; it never stops. Lots are drawn with the id of the first decision, also when the interaction has merged since, and the
 * call itself is not counted against its own quota.
 */
export function reevaluate(previous: Decision, policy: Policy, { input, counts }: Renewed): Reevaluation {
  const anew = decide(policy, { ...input, interactionId: previous.input.interactionId }, countsShifted(counts, previous.accounts, -1))
  const changes = {
    anew,
    starts: anew.sides.filter((side) => !previous.sides.includes(side)),
    partitionsGained: anew.partitions.filter((partition) => !previous.partitions.includes(partition)),
    labelsGained: anew.labels.filter((label) => !previous.labels.includes(label)),
    wouldStop: previous.sides.filter((side) => !anew.sides.includes(side)),
  }
  return { ...changes, decision: inForce(previous, changes) }
}

/**
 * A call that was not recorded goes over to the new decision. One that is keeps what was promised to it (rule, terms, version),
 * and gains the rest; what starts late has a decision, and a row, of its own.
 */
function inForce(previous: Decision, { anew, starts, partitionsGained, labelsGained }: Omit<Reevaluation, 'decision'>): Decision {
  if (previous.outcome === 'do-not-record') {
    const told = anew.outcome === 'record' || partitionsGained.length > 0 || labelsGained.length > 0
    return told ? { ...anew, partitions: union(previous.partitions, partitionsGained), labels: union(previous.labels, labelsGained) } : previous
  }
  if (starts.length + partitionsGained.length + labelsGained.length === 0) return previous
  return {
    ...previous,
    sides: union(previous.sides, starts),
    partitions: union(previous.partitions, partitionsGained),
    labels: union(previous.labels, labelsGained),
    accounts: starts.length === 0 ? previous.accounts : [...new Set([...previous.accounts, ...anew.accounts])],
  }
}

function union<T>(before: readonly T[], gained: readonly T[]): readonly T[] {
  return [...before, ...gained]
}
