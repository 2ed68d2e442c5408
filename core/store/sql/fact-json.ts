import type { CaptureFact } from '../../domain/capture-fact.ts'

/**
 * Facts as JSON. An instant becomes `{"$at": milliseconds}`: told by its form and not by the name of its field, because attached data
 * carry strangers' names and strings, and a value that looks like a date must come back as the string that it was.
 * Attached data cannot forge the form: their values are strings.
 */
export function factToJson(fact: CaptureFact): string {
  return JSON.stringify(fact, function replace(this: Record<string, unknown>, key: string, value: unknown): unknown {
    // `value` has been through Date's toJSON already; the holder still has the instant itself.
    const held = this[key]
    return held instanceof Date ? { $at: held.getTime() } : value
  })
}

type Late = 'attachedChanges' | 'clockOffsetMs'

export function factFromJson(text: string): CaptureFact {
  const fact = JSON.parse(text, (_, value: unknown) => instant(value) ?? value) as CaptureFact
  if (fact.type !== 'recording-requested') return fact
  // A journal of before sources, or clocks, were told at the request.
  const { attachedChanges, clockOffsetMs, ...known } = fact as Omit<typeof fact, Late> & Partial<Pick<typeof fact, Late>>
  return { ...known, attachedChanges: attachedChanges ?? [], clockOffsetMs: clockOffsetMs ?? null }
}

function instant(value: unknown): Date | null {
  if (typeof value !== 'object' || value === null || !('$at' in value) || typeof value.$at !== 'number') return null
  return new Date(value.$at)
}
