import { readdirSync, readFileSync } from 'node:fs'
import { createSchema } from 'graphql-yoga'
import type { GraphQLSchema } from 'graphql'
import { enumResolvers } from './enums.ts'
import type { Context } from './context.ts'
import { attachedResolvers } from './resolvers/attached.ts'
import { auditResolvers } from './resolvers/audit.ts'
import { commonResolvers } from './resolvers/common.ts'
import { coverageResolvers } from './resolvers/coverage.ts'
import { deskResolvers } from './resolvers/desk.ts'
import { exportResolvers } from './resolvers/export.ts'
import { holdResolvers } from './resolvers/hold.ts'
import { interactionResolvers } from './resolvers/interaction.ts'
import { keysResolvers } from './resolvers/keys.ts'
import { peopleResolvers } from './resolvers/people.ts'
import { policyResolvers } from './resolvers/policy.ts'
import { recordingResolvers } from './resolvers/recording.ts'
import { reportResolvers } from './resolvers/report.ts'
import { retentionResolvers } from './resolvers/retention.ts'
import { subjectResolvers } from './resolvers/subject.ts'
import { DateTime, SafeInt } from './scalars.ts'

const SCHEMA_FOLDER = new URL('schema/', import.meta.url)

/** The executable schema: the files of `schema/`, and what answers them. Built once, at the start. */
export function createHoldfastSchema(): GraphQLSchema {
  const files = readdirSync(SCHEMA_FOLDER).filter((name) => name.endsWith('.graphql')).sort()
  return createSchema<Context>({
    typeDefs: files.map((name) => readFileSync(new URL(name, SCHEMA_FOLDER), 'utf8')),
    resolvers: [
      { DateTime, SafeInt, ...enumResolvers }, commonResolvers, interactionResolvers, keysResolvers, recordingResolvers, deskResolvers, peopleResolvers, policyResolvers,
      attachedResolvers, auditResolvers, coverageResolvers, holdResolvers, retentionResolvers, exportResolvers, reportResolvers, subjectResolvers,
    ],
  })
}
