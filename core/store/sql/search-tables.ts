/** What questions are answered from: narrow rows that lie in the order of the question. */
export interface SearchTables {
  readonly attached: AttachedRow
  readonly access: AccessRow
}

/** One searchable pair of one recording: attached data as last seen, and our own fields under names that begin with `@`. */
export interface AttachedRow {
  readonly k: string
  readonly v: Uint8Array
  readonly id: number
}

export const ACCESS_SCOPES = ['partition', 'unit', 'agent'] as const
export type AccessScopeName = (typeof ACCESS_SCOPES)[number]

/** Who reaches a recording: each partition with all that contain it, each unit of its agents with all above, as it was then; and the agents who were heard. */
export interface AccessRow {
  readonly scope: string
  readonly value: Uint8Array
  readonly id: number
}
