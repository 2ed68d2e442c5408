import { HoldfastError } from '../core/domain/errors.ts'
import type { Recording } from '../core/domain/recording.ts'
import type { RecordingFilter } from '../core/ports/recording-repository.ts'

export interface Edge<T> {
  readonly cursor: string
  readonly node: T
}

/** A page of a list. Source: Relay, GraphQL Cursor Connections */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[]
  readonly nodes: readonly T[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null }
}

/** A page of recordings; the filter stays with it, so that the total is counted only when it is asked for. */
export interface RecordingConnection extends Connection<Recording> {
  readonly filter: RecordingFilter
}

/** @param place - where a node stands in its list: the decimal number that its cursor hides */
export function connection<T>(nodes: readonly T[], hasNextPage: boolean, place: (node: T) => string): Connection<T> {
  const edges = nodes.map((node) => ({ cursor: Buffer.from(`before:${place(node)}`).toString('base64url'), node }))
  return { edges, nodes, pageInfo: { hasNextPage, hasPreviousPage: false, startCursor: edges.at(0)?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null } }
}

/** The place that a cursor hides; `null` without one. @throws HoldfastError `CURSOR_INVALID` */
export function placeAfter(cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined) return null
  const place = /^before:([1-9][0-9]{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (place === undefined || !Number.isSafeInteger(Number(place))) throw new HoldfastError('CURSOR_INVALID', 'after: not a cursor of this list', { field: 'after' })
  return place
}
