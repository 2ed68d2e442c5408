import { type ErrorCode, HoldfastError } from '../core/domain/errors.ts'

/** What a script may rely on. */
export const EXIT = {
  ok: 0,
  /** It was understood, and did not work or found a fault. */
  failure: 1,
  /** The command line or the settings are wrong: nothing was tried. */
  usage: 2,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What whoever sits at the console does next. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  NO_RECIPIENT: '`holdfast keys generate` makes a key; its recipient (age1…) goes into `keys.recipients`.',
  PBX_UNREACHABLE: '`holdfast doctor` tests each link and says what to change.',
  PBX_TIMEOUT: '`holdfast doctor` tests each link and says what to change.',
  PBX_REFUSED: '`holdfast doctor` tests the rights of the PBX user; `holdfast pbx-config asterisk` or `freeswitch` prints what the PBX needs.',
  STORE_FAILED: 'Is there space and permission in the data directory, and is the catalogue\'s server there? `holdfast doctor` looks.',
  AUDIT_UNAVAILABLE: 'Nothing was done: what cannot be audited is not carried out. `holdfast doctor` looks at the data directory.',
}

/** An error as the console shows it: what happened, and what to do next; with the stack for what we did not foresee. */
export function errorLines(error: unknown): readonly string[] {
  if (!(error instanceof HoldfastError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [`holdfast: a fault in Holdfast itself: ${text}`]
  }
  const advice = ADVICE[error.code]
  const message = CONDITIONS.has(error.code) ? optionNamed(error.message) : error.message
  const retry = error.retry ? ['It may work when tried again.'] : []
  return [`holdfast: ${message} [${error.code}]`, ...(advice === undefined ? [] : [advice]), ...retry]
}

/** Conditions bear the names of the API; who sits at the console gave options. */
const OPTIONS: Readonly<Record<string, string>> = {
  startedFrom: '--from', startedTo: '--to', from: '--from', to: '--to', zone: '--zone', label: '--label', attached: '--data', partitionUnder: '--under', recordings: '--recording', recordingIds: '--recording',
  numbers: '--number', customerIds: '--customer-id', planId: '--execute', recipient: '--recipient', reason: '--reason',
}
const CONDITIONS: ReadonlySet<ErrorCode> = new Set(['FILTER_INVALID', 'REASON_REQUIRED'])

function optionNamed(message: string): string {
  return message.replace(/^(\w+): /, (whole, name: string) => Object.hasOwn(OPTIONS, name) ? `${OPTIONS[name]}: ` : whole)
}

/** Wrong settings, conditions and reasons are wrong usage; everything else is a failure. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof HoldfastError && USAGE.has(error.code) ? EXIT.usage : EXIT.failure
}

const USAGE: ReadonlySet<ErrorCode> = new Set(['CONFIG_INVALID', 'POLICY_INVALID', 'RETENTION_INVALID', 'KEY_FILE_INVALID', 'NO_RECIPIENT', 'FILTER_INVALID', 'MALFORMED_ID', 'REASON_REQUIRED'])
