import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultSettingsFile } from '../../config/environment.ts'
import type { Settings } from '../../config/settings.ts'

/** `--config FILE`. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'settings file').default(defaultSettingsFile())
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document instead of a table')
}

/** What {@link configOption} and {@link jsonOption} give. */
export interface ConfigOption {
  readonly config: string
}
export interface JsonOption {
  readonly json?: true
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
/** A hundred years: what is meant is "never", which is said by leaving the option out. */
const MAX_MS = 3_155_760_000_000

/** `30d` → milliseconds. */
export function parseDurationMs(text: string): number {
  const match = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text)
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? NaN)
  if (!(ms <= MAX_MS)) throw new InvalidArgumentError('A number and m, h, d or w, such as 30d.')
  return ms
}

/** A whole number above zero. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1 || count > 1_000_000) throw new InvalidArgumentError('A whole number, 1 to 1000000.')
  return count
}

/** For options that may come more than once. */
export function collected<Value>(parse: (text: string) => Value): (text: string, before: readonly Value[]) => readonly Value[] {
  return (text, before) => [...before, parse(text)]
}

/** Ends the command with 2: of a PBX that is not there nothing is missing, which would look like good news. */
export function refuseUnknownPbx(command: Command, { pbxs }: Pick<Settings, 'pbxs'>, named: string): void {
  if (!pbxs.some(({ id }) => id === named)) command.error(`error: no such PBX; known: ${pbxs.map(({ id }) => id).join(', ') || 'none'}`)
}
