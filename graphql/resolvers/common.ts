import { isDefaultRole, permissionsOf } from '../../core/domain/actor.ts'
import { formatDesk } from '../../core/domain/desk.ts'
import type { Context } from '../context.ts'
import type { Resolvers, ResolversTypes } from '../generated/resolvers.ts'
import { auditPositionOf, holdIdOf, interactionIdOf, type NodeType, parseNodeId, recordingIdOf } from '../node-id.ts'

type AnyNode = Awaited<ResolversTypes['Node']>

/** How each kind of thing is found again. */
const FIND: Readonly<Record<NodeType, (plainId: string, context: Context) => Promise<AnyNode | null>>> = {
  Recording: (plainId, { library, requester }) => library.search.recording(requester, recordingIdOf(plainId)),
  Interaction: (plainId, { interaction }) => interaction(interactionIdOf(plainId)),
  Hold: (plainId, { library, requester }) => library.legalHolds.find(requester, holdIdOf(plainId)),
  AuditEntry: (plainId, { library, requester }) => library.auditTrail.find(requester, auditPositionOf(plainId)),
}

export const commonResolvers: Resolvers = {
  Query: {
    viewer: (_parent, _args, { requester }) => requester,
    node: (_parent, { id }, context) => {
      const { type, plainId } = parseNodeId(id)
      return FIND[type](plainId, context)
    },
  },
  Node: {
    __resolveType: (node) => 'entry' in node ? 'AuditEntry' : 'caseName' in node ? 'Hold' : 'interaction' in node ? 'Interaction' : 'Recording',
  },
  Viewer: {
    actorId: ({ actor }) => actor.id,
    role: ({ role }) => isDefaultRole(role.name) ? role.name : null,
    roleName: ({ role }) => role.name,
    permissions: (requester) => permissionsOf(requester),
    partitions: ({ reach }) => reach === 'all' ? null : reach,
    agent: ({ binding }) => binding?.agent ?? null,
    desks: ({ binding }) => (binding?.desks ?? []).map(formatDesk),
  },
}
