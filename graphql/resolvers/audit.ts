import { formatProof } from '../../core/domain/audit/entry-proof.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import { connection, placeAfter } from '../connection.ts'
import { auditFilterOf, optional } from '../inputs.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { auditPositionOf, nodeId } from '../node-id.ts'

export const auditResolvers: Resolvers = {
  Query: {
    auditEntries: async (_parent, { filter, first, after }, { library, requester }) => {
      const page = await library.auditTrail.read(requester, auditFilterOf(filter), { first, before: optional(placeAfter(after), Number) })
      return connection(page.entries, page.hasMore, ({ position }) => String(position))
    },
    auditProof: async (_parent, { id }, { library, requester }) => {
      const placed = await library.auditTrail.find(requester, auditPositionOf(id))
      const proof = placed === null ? null : await library.auditProofs.prove(requester, placed.entry)
      return proof === null ? null : formatProof(proof)
    },
    auditCheckpoint: (_parent, { chain }, { library, requester }) => library.auditProofs.lastCheckpoint(requester, parseNodeName(chain)),
  },
  AuditEntry: {
    id: ({ position }) => nodeId('AuditEntry', String(position)),
    chain: ({ entry }) => entry.chain,
    sequence: ({ entry }) => entry.sequence,
    at: ({ entry }) => entry.at,
    actor: ({ entry }) => entry.actor,
    action: ({ entry }) => entry.action,
    object: ({ entry }) => entry.object,
    outcome: ({ entry }) => entry.outcome,
    reason: ({ entry }) => entry.reason,
    details: ({ entry }) => keyValues(entry.details),
    personal: ({ entry }, _args, { library, requester }) => entry.personal === null ? null : keyValues(library.visibility.personal(requester, entry.personal).shown),
    personalHidden: ({ entry }, _args, { library, requester }) => library.visibility.personal(requester, entry.personal ?? {}).hidden,
    recordingId: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).recordingId,
    interactionId: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).interactionId,
    partitions: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).partitions,
    customerId: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).customerId,
    interactionType: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).interactionType,
    address: ({ entry }, _args, { library, requester }) => library.auditTrail.facts(requester, entry).address,
    hash: ({ entry }) => entry.hash,
  },
}

/** Facts as text; what is not known is left out. */
function keyValues(facts: Readonly<Record<string, string | number | boolean | null>>): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(facts).flatMap(([key, value]) => value === null ? [] : [{ key, value: String(value) }])
}
