import type { Actor } from './audit-entry.ts'
import type { CallOwner } from './desk.ts'
import { type CustomRoleName, parseCustomRoleName, type SessionId, type UnitId } from './ids.ts'
import type { Visibility } from './rules/attached-schema.ts'

/** The default roles: built in, never changed. */
export const ROLES = ['administrator', 'supervisor', 'compliance-officer', 'integrator', 'agent'] as const
export type Role = (typeof ROLES)[number]
/** A default role, or one that the organisation made. */
export type RoleName = Role | CustomRoleName

export const PERMISSIONS = [
  'search', 'play', 'export', 'delete', 'hold', 'release', 'label', 'control-own', 'control-team', 'read-audit', 'export-audit',
  'manage-policy', 'manage-retention', 'manage-keys', 'manage-users',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLE_REACHES = ['everything', 'everything-unless-narrowed', 'named', 'own'] as const
/**
 * Whose recordings a role is about. `everything-unless-narrowed`: all, until partitions or units are named for somebody who has it;
 * `named`: those of the partitions and units that are named, and none without; `own`: those in which she herself was heard.
 */
export type RoleReach = (typeof ROLE_REACHES)[number]

export const HEARINGS = ['whole', 'own-parts'] as const
/** What is heard of a recording in which several agents speak: all of it, or the parts of those whom the listener leads. */
export type Hearing = (typeof HEARINGS)[number]

/** A named set of permissions, and what else goes with it. */
export interface RoleDefinition {
  readonly name: RoleName
  readonly permissions: readonly Permission[]
  readonly reach: RoleReach
  /** Attached data of these visibility classes. */
  readonly sees: readonly Visibility[]
  readonly hears: Hearing
  /** Whether somebody has to say why before she listens. */
  readonly reasonRequired: boolean
}

/**
 * What each default role may do. An administrator runs the system, its rules and its audit, but does not by that hear recordings;
 * a compliance officer decides what is kept and what goes, and controls no call; an integrator is a machine that many people look through.
 */
export const DEFAULT_ROLES: Readonly<Record<Role, RoleDefinition>> = {
  administrator: role('administrator', 'everything', { sees: ['open'], may: ['search', 'read-audit', 'export-audit', 'control-own', 'control-team', 'manage-policy', 'manage-retention', 'manage-keys', 'manage-users'] }),
  supervisor: role('supervisor', 'named', { sees: ['open', 'restricted'], may: ['search', 'play', 'label', 'control-own', 'control-team'] }),
  'compliance-officer': role('compliance-officer', 'everything-unless-narrowed', { sees: ['open', 'restricted', 'confidential'], may: ['search', 'play', 'export', 'delete', 'hold', 'release', 'label', 'read-audit', 'export-audit', 'manage-retention'] }),
  integrator: role('integrator', 'everything-unless-narrowed', { sees: ['open'], may: ['search', 'play', 'export', 'label', 'control-own', 'control-team'] }),
  // What she may control, and whether she may search, her binding says.
  agent: role('agent', 'own', { sees: ['open'], may: ['control-own'] }),
}

export const AGENT_VIEWS = ['live', 'own'] as const
/** What an agent sees of recordings: those of her calls while they go on, or also her own of before. */
export type AgentView = (typeof AGENT_VIEWS)[number]

/** Whose calls somebody controls as her own. */
export interface TokenBinding extends CallOwner {
  readonly sees: AgentView
}

/** Somebody who was authenticated, and what they reach. */
export interface Requester {
  readonly actor: Actor
  /** As it stands at this request. */
  readonly role: RoleDefinition
  readonly label: string
  /** Partitions with their subtrees, or `all`. */
  readonly reach: 'all' | readonly string[]
  /** Units that she leads, besides `reach`: recordings of those who were in them, or below them, when the call was made. */
  readonly units: readonly UnitId[]
  /** Of somebody who has calls of her own; `null` for everybody else. */
  readonly binding: TokenBinding | null
  /** Where the request came from: an IP address, or `local`. */
  readonly address: string
  /** Of whoever signed in: what is handed out in a session ends with it. */
  readonly session?: SessionId
  /** Why recordings are looked at, where she says it: it stands in the audit. */
  readonly reason?: string
  /** Of whoever was let in by what the catalogue said then, as it does not answer now: she controls calls, and does nothing else. */
  readonly knownAt?: Date
}

/** What a requester's permissions come from. */
type Rights = Pick<Requester, 'role' | 'binding' | 'knownAt'>

export function may(requester: Rights, permission: Permission): boolean {
  return permissionsOf(requester).includes(permission)
}

/** To control calls: audited by the journal, whether or not the catalogue answers. */
export function isOfControl(permission: Permission): boolean {
  return permission === 'control-own' || permission === 'control-team'
}

export function permissionsOf({ role: { permissions }, binding, knownAt }: Rights): readonly Permission[] {
  if (knownAt !== undefined) return permissions.filter(isOfControl)
  return binding?.sees === 'own' && !permissions.includes('search') ? [...permissions, 'search'] : permissions
}

/** Whether calls are controlled as one's own alone, and no team's. */
export function actsForHerselfAlone(requester: Rights): boolean {
  return !may(requester, 'control-team')
}

export function isDefaultRole(name: string): name is Role {
  return ROLES.some((known) => known === name)
}

/** @throws HoldfastError `MALFORMED_ID` unless a default role, or 1 to 40 of `0-9a-z-`, beginning with a letter */
export function parseRoleName(text: string): RoleName {
  return isDefaultRole(text) ? text : parseCustomRoleName(text)
}

function role(name: Role, reach: RoleReach, { sees, may: permissions }: { readonly sees: readonly Visibility[]; readonly may: readonly Permission[] }): RoleDefinition {
  return { name, permissions, reach, sees, hears: 'whole', reasonRequired: false }
}
