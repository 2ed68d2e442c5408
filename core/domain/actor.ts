import type { Actor } from './audit-entry.ts'

export const ROLES = ['administrator', 'supervisor', 'compliance-officer', 'integrator'] as const
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = ['search', 'play', 'control', 'read-audit', 'manage-policy'] as const
export type Permission = (typeof PERMISSIONS)[number]

/**
 * What each role may do. An administrator runs the system, its rules and its audit, but does not by that hear recordings;
 * a compliance officer looks at everything and changes nothing.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: ['search', 'read-audit', 'control', 'manage-policy'],
  supervisor: ['search', 'play', 'control'],
  'compliance-officer': ['search', 'play', 'read-audit'],
  integrator: ['search', 'play', 'control'],
}

/** Somebody who was authenticated, and what they reach. */
export interface Requester {
  readonly actor: Actor
  readonly role: Role
  readonly label: string
  /** Partitions with their subtrees, or `all`. */
  readonly reach: 'all' | readonly string[]
  /** Where the request came from: an IP address, or `local`. */
  readonly address: string
}

export function may(requester: Requester, permission: Permission): boolean {
  return ROLE_PERMISSIONS[requester.role].includes(permission)
}
