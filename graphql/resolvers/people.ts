import { isDefaultRole, parseRoleName } from '../../core/domain/actor.ts'
import { parseAgent } from '../../core/domain/desk.ts'
import { parseUnitId } from '../../core/domain/ids.ts'
import { checkedPageSize } from '../../core/library/search/filters.ts'
import { type Connection, connection, placeAfter } from '../connection.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { optional } from '../inputs.ts'
import { roleEdit, unitEdit, userEdit } from '../people-edits.ts'
import { peoplePayload, rolesOf, unitsOf } from '../people-payload.ts'

export const peopleResolvers: Resolvers = {
  Query: {
    users: async (_parent, page, { library, requester }) => {
      const { users } = await library.people.read(requester)
      return pageOf(users.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? -1 : 1)), page)
    },
    roles: async (_parent, _args, { library, requester }) => rolesOf(await library.people.read(requester)),
    units: async (_parent, page, { library, requester }) => pageOf(unitsOf(await library.people.read(requester)), page),
    unitMembers: async (_parent, { unitId, agent, ...page }, { library, requester }) => {
      const [unit, name] = [optional(unitId, parseUnitId), optional(agent, parseAgent)]
      const { organisation } = await library.people.read(requester)
      return pageOf(organisation.members.filter((member) => (unit === null || member.unitId === unit) && (name === null || member.agent === name)), page)
    },
    organisationRestamp: (_parent, _args, { library, requester }) => library.people.restamp(requester),
  },
  Mutation: {
    userAdd: (_parent, { input }, context) => peoplePayload(context, () => userEdit('be-new', input)),
    userChange: (_parent, { input }, context) => peoplePayload(context, () => userEdit('be-there', input)),
    userRemove: (_parent, { input: { name } }, context) => peoplePayload(context, () => ({ type: 'user-removed', name })),
    roleAdd: (_parent, { input }, context) => peoplePayload(context, () => roleEdit('be-new', input)),
    roleChange: (_parent, { input }, context) => peoplePayload(context, () => roleEdit('be-there', input)),
    roleRemove: (_parent, { input: { name } }, context) => peoplePayload(context, () => ({ type: 'role-removed', name: parseRoleName(name) })),
    unitAdd: (_parent, { input }, context) => peoplePayload(context, () => unitEdit('be-new', input)),
    unitChange: (_parent, { input }, context) => peoplePayload(context, () => unitEdit('be-there', input)),
    unitEnd: (_parent, { input: { unitId, at } }, context) => peoplePayload(context, () => ({ type: 'unit-closed', unitId: parseUnitId(unitId), at: at ?? new Date() })),
    unitErase: (_parent, { input: { unitId } }, context) => peoplePayload(context, () => ({ type: 'unit-removed', unitId: parseUnitId(unitId) })),
    unitMemberJoin: (_parent, { input: { unitId, agent, fromAt, toAt } }, context) =>
      peoplePayload(context, () => ({ type: 'joined', unitId: parseUnitId(unitId), agent: parseAgent(agent), span: { fromAt: fromAt ?? new Date(), toAt: toAt ?? null } })),
    unitMemberLeave: (_parent, { input: { unitId, agent, at } }, context) =>
      peoplePayload(context, () => ({ type: 'left', unitId: parseUnitId(unitId), agent: parseAgent(agent), span: { fromAt: at ?? new Date(), toAt: null } })),
  },
  User: { userId: ({ id }) => id },
  UserRole: { builtIn: ({ name }) => isDefaultRole(name) },
}

/** A part of what is few enough to be read whole; the cursor is a place in it. */
function pageOf<T>(all: readonly T[], { first, after }: { readonly first: number; readonly after?: string | null }): Connection<T> {
  const beyond = optional(placeAfter(after), Number) ?? 0
  const placed = all.map((node, index) => ({ node, place: index + 1 })).slice(beyond, beyond + checkedPageSize(first))
  const places = new Map(placed.map(({ node, place }) => [node, place]))
  return connection(placed.map(({ node }) => node), beyond + placed.length < all.length, (node) => String(places.get(node) ?? 0))
}
