import { formatDesk, parseAgent, parseDesk } from '../../core/domain/desk.ts'
import { controlPayload } from '../control-payload.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { controlTargetOf, optional } from '../inputs.ts'
import { asPayload } from '../user-errors.ts'

export const deskResolvers: Resolvers = {
  Query: {
    myCurrentRecording: (_parent, _args, { library, requester }) => library.myCalls.now(requester),
    deskSeats: (_parent, { filter, first }, { library, requester }) =>
      library.desks.history(requester, { agent: optional(filter?.agent, parseAgent), desk: optional(filter?.desk, parseDesk), from: filter?.from ?? null, to: filter?.to ?? null }, first),
  },
  Mutation: {
    recordingStart: (_parent, { input }, { library, requester }) =>
      controlPayload(() => library.liveControl.control(requester, 'start', controlTargetOf(input))),
    recordingStop: (_parent, { input }, { library, requester }) =>
      controlPayload(() => library.liveControl.control(requester, 'stop', controlTargetOf(input))),
    agentSignIn: (_parent, { input }, { library, requester }) =>
      asPayload(async () => ({ seat: await library.desks.signIn(requester, { agent: input.agent ?? null, desk: parseDesk(input.desk) }) }), { seat: null }),
    agentSignOut: (_parent, { input }, { library, requester }) =>
      asPayload(async () => ({ seats: await library.desks.signOut(requester, input.agent ?? null) }), { seats: null }),
  },
  Subscription: {
    myCurrentRecording: {
      subscribe: (_parent, _args, { library, requester, signal }) => library.myCalls.watch(requester, signal),
      resolve: (call: unknown) => call as never,
    },
  },
  MyCurrentRecording: {
    desks: ({ desks }) => desks.map(formatDesk),
    mayPause: ({ allowed }) => allowed.pause,
    mayResume: ({ allowed }) => allowed.resume,
    mayStart: ({ allowed }) => allowed.start,
    mayStop: ({ allowed }) => allowed.stop,
  },
  MyRecording: {
    plainId: ({ id }) => id,
  },
  DeskSeat: {
    desk: ({ desk }) => formatDesk(desk),
  },
}
