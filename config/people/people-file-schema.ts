import { z } from 'zod'
import { HEARINGS, PERMISSIONS, parseRoleName, ROLE_REACHES } from '../../core/domain/actor.ts'
import { parseAgent } from '../../core/domain/desk.ts'
import { parseUnitId } from '../../core/domain/ids.ts'
import { MAX_UNIT_NAME_LENGTH } from '../../core/domain/organisation.ts'
import { parseUserName } from '../../core/domain/person.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import { VISIBILITIES } from '../../core/domain/rules/attached-schema.ts'
import { list, oneOf, parsed, section, yesOrNo } from '../leaves.ts'
import { INSTANT, parseInstant } from './instant.ts'

const ROLE = '1 to 40 of 0-9 a-z -, beginning with a letter'
const UNIT = '1 to 40 of 0-9 a-z -, beginning with a letter or digit'
const AGENT = 'an agent: 1 to 100 printable characters, as calls name her, and no telephone'
const USER = 'a name of 1 to 100 printable characters'
const NAME = `1 to ${MAX_UNIT_NAME_LENGTH} characters`

const instant = z.string({ error: INSTANT }).transform((text, context): Date => {
  const at = parseInstant(text)
  if (at !== null) return at
  context.addIssue({ code: 'custom', message: INSTANT })
  return z.NEVER
}).meta({ allowed: INSTANT })
const unitId = parsed(UNIT, parseUnitId)
const agent = parsed(AGENT, parseAgent)
const unitName = z.string({ error: NAME }).min(1).max(MAX_UNIT_NAME_LENGTH).meta({ allowed: NAME })

const role = section({
  permissions: list(oneOf(PERMISSIONS), `a list of ${PERMISSIONS.join(', ')}`),
  reach: oneOf(ROLE_REACHES).default('named'),
  sees: list(oneOf(VISIBILITIES), `a list of ${VISIBILITIES.join(', ')}`).default(['open']),
  hears: oneOf(HEARINGS).default('whole'),
  reasonRequired: yesOrNo.default(false),
})

const place = section({ name: unitName.optional(), below: unitId.nullable().default(null), from: instant.optional(), until: instant.optional() })
const MEMBERS = 'a list of agents, each a name or a map of agent, from and until'
const member = z.union([agent, section({ agent, from: instant.optional(), until: instant.optional() })], { error: MEMBERS })

const unit = section({
  name: unitName.optional(),
  below: unitId.nullable().optional(),
  from: instant.optional(),
  until: instant.optional(),
  places: list(place, 'a list of places: name, below, from, until').min(1).optional(),
  members: list(member, MEMBERS).optional(),
}).refine((value) => value.places === undefined || (value.below === undefined && value.from === undefined && value.until === undefined), { error: 'either `places`, or `below`, `from` and `until`', params: { asIs: true } })

const user = section({
  role: parsed(ROLE, parseRoleName),
  agent: agent.nullable().default(null),
  partitions: list(parsed('a partition such as /support/gold', parsePartition), 'a list of partitions').default([]),
  units: list(unitId, 'a list of units').default([]),
  disabled: yesOrNo.optional(),
})

/** Who may do what, as a file says it. */
export const peopleFileSchema = section({
  roles: z.record(parsed<string>(ROLE, parseRoleName), role, { error: 'a map of roles' }).default({}),
  units: z.record(unitId, unit, { error: 'a map of units' }).default({}),
  users: z.record(parsed(USER, parseUserName), user, { error: 'a map of users' }).default({}),
})
export type PeopleFile = z.output<typeof peopleFileSchema>
export type UnitOfFile = z.output<typeof unit>
