import type { Resolvers } from '../generated/resolvers.ts'

export const reportResolvers: Resolvers = {
  Query: {
    reportTemplates: (_parent, _args, { library, requester }) => library.reports.templates(requester),
    report: (_parent, asked, { library, requester }) => library.reports.read(requester, asked, null),
  },
  ReportRow: {
    cells: (cells) => cells.map((cell) => cell === null ? null : String(cell)),
  },
}
