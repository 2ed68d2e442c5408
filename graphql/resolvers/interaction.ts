import { stoppedParts } from '../../core/domain/stopped-parts.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { interactionIdOf, nodeId } from '../node-id.ts'

export const interactionResolvers: Resolvers = {
  Query: {
    interaction: (_parent, { id }, { interaction }) => interaction(interactionIdOf(id)),
  },
  Interaction: {
    id: ({ interaction }) => nodeId('Interaction', interaction.id),
    plainId: ({ interaction }) => interaction.id,
    startedAt: ({ interaction }) => interaction.startedAt,
    endedAt: ({ interaction }) => interaction.endedAt,
    stoppedParts: ({ interaction, recordings }) => stoppedParts(interaction, recordings),
  },
}
