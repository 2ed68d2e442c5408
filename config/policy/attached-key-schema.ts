import { z } from 'zod'
import { ATTACHED_SOURCES, isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../../core/domain/attached-data.ts'
import { CARD_NUMBER_RULES, isSipHeader, KEEPINGS, MAX_SIP_HEADERS, VALUE_TYPES, VISIBILITIES } from '../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS, type FactByKey } from '../../core/domain/rules/decision-input.ts'
import { list, oneOf, section, wholeNumber } from '../leaves.ts'

const KEY = 'a letter, then up to 63 of A-Z a-z 0-9 _ . -'
/** The name of one key. */
export const ATTACHED_KEY = z.string({ error: KEY }).refine(isAttachedKey).meta({ allowed: KEY })

/** Defaults that depend on the key are filled in by policy-content.ts. */
const attachedKey = section({
  type: oneOf(VALUE_TYPES).default('text').describe('number and date can be compared by ranges; other values are refused.'),
  maxBytes: wholeNumber('bytes', 1, MAX_ATTACHED_VALUE_BYTES).optional().meta({ description: 'The longest value; longer ones are refused, not cut.', defaultText: '1024; 8192 for record and GRECORD_PARTITIONS' }),
  visibility: oneOf(VISIBILITIES).default('open').describe('Who sees the value: open, everybody who finds the recording; restricted, supervisors and compliance officers; confidential, compliance officers alone.'),
  store: oneOf(KEEPINGS).default('always').describe('masked: only that there was a value is kept. never: neither key nor value reaches database, journal or log.'),
  cardNumbers: oneOf(CARD_NUMBER_RULES).optional().meta({ description: 'What becomes of payment card numbers within the value. Say kept for ids that look like one.', defaultText: 'masked; kept for keys that give access' }),
  sources: list(oneOf(ATTACHED_SOURCES), `a list of ${ATTACHED_SOURCES.join(', ')}`).min(1).optional().meta({ description: 'Where the value may come from. Keys that give access: dialplan and api only.', defaultText: 'dialplan, pbx, api; dialplan, api for keys that give access' }),
})
export type AttachedKeyFile = z.output<typeof attachedKey>

const HEADER = 'a header: a letter, then up to 63 of A-Z a-z 0-9 -'
const HEADERS = `a map of up to ${MAX_SIP_HEADERS} SIP headers and the key that each fills`
const KEYS = 'a map of keys and what may be in them; {} for text'
const fact = (of: FactByKey, description: string): z.ZodDefault<z.ZodNullable<z.ZodString>> => ATTACHED_KEY.nullable().default(DEFAULT_FACT_KEYS[of]).describe(description)

export const attachedDataSchema = section({
  keys: z.record(z.string(), attachedKey.prefault({}), { error: KEYS }).meta({ allowed: KEYS }).default({}).describe('What is taken from the calls: all else is neither kept nor decided upon. `record`, `GRECORD_PARTITIONS` and the keys of `facts` always are.'),
  sipHeaders: z.record(z.string({ error: HEADER }).refine(isSipHeader), ATTACHED_KEY, { error: HEADERS }).meta({ allowed: HEADERS }).default({}).describe('SIP headers that are read when a call asks: header and the key that it fills. Whoever calls may write them: a key that gives access is never filled so, and a header never replaces what dialplan or API say.'),
  facts: section({
    agent: fact('agent', 'The key that names the agent, where the PBX does not tell.'),
    queue: fact('queue', 'The key that names the queue, where the PBX does not tell.'),
    businessUnit: fact('businessUnit', 'The key that names the business unit.'),
    customerType: fact('customerType', 'The key that names the type of customer.'),
    language: fact('language', 'The key that names the language.'),
  }).prefault({}).describe('Which keys tell facts of the call; null: none does.'),
})
