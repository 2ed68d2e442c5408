import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Decision } from '../../domain/rules/decision.ts'

/** What recordings that go on gain by a later decision about their call: partitions and labels, never less. */
export function gainsOf(recordings: readonly Recording[], { rule, policyVersion, ...later }: Pick<Decision, 'rule' | 'policyVersion' | 'partitions' | 'labels'>, at: Date): readonly CaptureFact[] {
  return recordings.flatMap((recording): readonly CaptureFact[] => {
    const of = { recordingId: recording.id, at, rule, policyVersion }
    const partitions = later.partitions.filter((partition) => !recording.partitions.includes(partition))
    const labels = later.labels.filter((label) => !recording.labels.includes(label))
    return [
      ...partitions.length > 0 ? [{ type: 'partitions-gained', ...of, partitions } as const] : [],
      ...labels.length > 0 ? [{ type: 'labels-gained', ...of, labels } as const] : [],
    ]
  })
}
