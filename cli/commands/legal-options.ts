import { InvalidArgumentError, Option } from 'commander'
import type { Settings } from '../../config/settings.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parsePartition } from '../../core/domain/partition.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../core/ports/recording-repository.ts'
import { collected } from './options.ts'

/** What {@link searchOptions} give. */
export interface SearchOptions {
  readonly from?: Date
  readonly to?: Date
  readonly caller?: string
  readonly callee?: string
  readonly agent?: string
  readonly queue?: string
  readonly label?: string
  readonly under?: string
  readonly data: readonly { readonly key: string; readonly value: string }[]
}

/** `--from`, `--caller` …: a search whose conditions must all hold. */
export function searchOptions(): readonly Option[] {
  return [
    new Option('--from <time>', 'search: began at this time or later, such as 2026-03-01T00:00Z').argParser(parseTime),
    new Option('--to <time>', 'search: began before this time').argParser(parseTime),
    new Option('--caller <number>', 'search: who called'),
    new Option('--callee <number>', 'search: who was called'),
    new Option('--agent <name>', 'search: who spoke first for the company'),
    new Option('--queue <name>', 'search: the queue'),
    new Option('--label <label>', 'search: has this label'),
    new Option('--under <partition>', 'search: within this partition, such as /sales').argParser((text) => refused(text, parsePartition, 'A path such as /support/gold.')),
    new Option('--data <key=value>', 'search: attached data; may be given again').argParser(collected(parsePair)).default([], 'none'),
  ]
}

/** The search, or `null` when no condition was given. */
export function searchOf({ from, to, caller, callee, agent, queue, label, under, data }: SearchOptions): RecordingFilter | null {
  if ([from, to, caller, callee, agent, queue, label, under].every((given) => given === undefined) && data.length === 0) return null
  return {
    ...ANY_RECORDING, startedFrom: from ?? null, startedTo: to ?? null, caller: caller ?? null, callee: callee ?? null, agent: agent ?? null, queue: queue ?? null, label: label ?? null,
    partitionUnder: under ?? null, attached: data,
  }
}

/** Keys of attached data that the settings do not let in: a search for one that is misspelt finds nothing, and a hold by it holds nothing. */
export function cautionsOfKeys(data: SearchOptions['data'], { attached }: Pick<Settings, 'attached'>): readonly string[] {
  return data.filter(({ key }) => !attached.keys.has(key)).map(({ key }) => `caution: ${key} is none of the keys of attachedData: nothing has it that is recorded under these rules (\`holdfast config check\` lists the keys)`)
}

/** What a parser of ours makes of an argument; its refusal is a fault of the command line. */
export function refused<Value>(text: string, parse: (text: string) => Value, allowed: string): Value {
  try {
    return parse(text)
  } catch (error) {
    if (isHoldfastError(error)) throw new InvalidArgumentError(allowed)
    throw error
  }
}

/** `--reason TEXT`, without which nothing is held, released or destroyed. */
export function reasonOption(): Option {
  return new Option('--reason <text>', 'why, 3 to 500 characters; stays in the audit').makeOptionMandatory()
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

function parseTime(text: string): Date {
  const at = new Date(text)
  if (!TIME.test(text) || Number.isNaN(at.getTime())) throw new InvalidArgumentError('A day, or a time with its offset: 2026-03-01, 2026-03-01T09:30Z.')
  return at
}

function parsePair(text: string): { readonly key: string; readonly value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A key and a value, such as CLAIM=4711.')
  return { key: text.slice(0, at), value: text.slice(at + 1) }
}
