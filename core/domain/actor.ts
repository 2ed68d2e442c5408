import type { Actor } from './audit-entry.ts'
import type { CallOwner } from './desk.ts'

export const ROLES = ['administrator', 'supervisor', 'compliance-officer', 'integrator', 'agent'] as const
export type Role = (typeof ROLES)[number]

export const PERMISSIONS = [
  'search', 'play', 'export', 'delete', 'hold', 'release', 'label', 'control', 'read-audit', 'export-audit',
  'manage-policy', 'manage-retention', 'manage-keys', 'manage-users',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/**
 * What each role may do. An administrator runs the system, its rules and its audit, but does not by that hear recordings;
 * a compliance officer decides what is kept and what goes, and controls no call.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: ['search', 'read-audit', 'export-audit', 'control', 'manage-policy', 'manage-retention', 'manage-keys', 'manage-users'],
  supervisor: ['search', 'play', 'label', 'control'],
  'compliance-officer': ['search', 'play', 'export', 'delete', 'hold', 'release', 'label', 'read-audit', 'export-audit', 'manage-retention'],
  integrator: ['search', 'play', 'export', 'label', 'control'],
  // What she may control, and whether she may search, her binding says.
  agent: ['control'],
}

export const AGENT_VIEWS = ['live', 'own'] as const
/** What an agent sees of recordings: those of her calls while they go on, or also her own of before. */
export type AgentView = (typeof AGENT_VIEWS)[number]

/** Whose calls an agent's token is for. */
export interface TokenBinding extends CallOwner {
  readonly sees: AgentView
}

/** Somebody who was authenticated, and what they reach. */
export interface Requester {
  readonly actor: Actor
  readonly role: Role
  readonly label: string
  /** Partitions with their subtrees, or `all`. */
  readonly reach: 'all' | readonly string[]
  /** Of an agent; `null` for every other role. */
  readonly binding: TokenBinding | null
  /** Where the request came from: an IP address, or `local`. */
  readonly address: string
}

export function may(requester: Pick<Requester, 'role' | 'binding'>, permission: Permission): boolean {
  return permissionsOf(requester).includes(permission)
}

export function permissionsOf({ role, binding }: Pick<Requester, 'role' | 'binding'>): readonly Permission[] {
  return binding?.sees === 'own' ? [...ROLE_PERMISSIONS[role], 'search'] : ROLE_PERMISSIONS[role]
}
