import { setTimeout as delay } from 'node:timers/promises'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiAction } from '../../adapters/asterisk/ami-action.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import type { AmiEndpoint } from '../../adapters/asterisk/ami-route.ts'
import { chooseEvents, ping } from '../../adapters/asterisk/ami-actions.ts'
import { CLI_VARIABLE, DIALPLAN_VERSION, KEYS_VARIABLE, SIP_HEADERS_VARIABLE, SPOOL_VARIABLE } from '../../adapters/asterisk/dialplan-names.ts'
import { PARTITIONS_KEY } from '../../core/domain/attached-data.ts'
import { type HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'

/** What a login to the manager interface shows. */
export interface AmiFacts {
  /** As Asterisk names itself; `null` where the right to ask is missing. */
  readonly version: string | null
  /** The user that Asterisk was told to run as; `null` when it was not told, or does not say. */
  readonly runUser: string | null
  /** Of {@link TRIED_ACTIONS}: those that this login may send. */
  readonly actions: ReadonlySet<string>
  /** Of {@link NEEDED_MODULES}: those that are not loaded; `null` where the right to ask is missing. */
  readonly missingModules: readonly string[] | null
  /**
   * What became of a variable that was set to the value that it had. `set-past-filters`: one that the session asked for itself, so that
   * the user's own event filters were not tried; `none`: there is none that could be set without leaving a new one behind.
   */
  readonly variable: 'set' | 'set-past-filters' | 'refused' | 'none'
  /** The event that tells of it. */
  readonly event: { readonly pbxTimeMs: number | null } | null
  /** The PBX's clock minus ours. */
  readonly clockOffsetMs: number | null
  readonly dialplan: DialplanFacts
}

/** What the dialplan knows of us; `null` where Asterisk does not tell. */
export interface DialplanFacts {
  /** Whether the contexts that calls are sent to are there. */
  readonly record: boolean | null
  readonly announce: boolean | null
  /** Of {@link OTHER_CONTEXTS}: those that are not there. */
  readonly missingContexts: readonly string[]
  /** Whether it is the file that came with this Holdfast. */
  readonly current: boolean | null
  /** The globals, as they stand; empty when they are not set. */
  readonly keys: string | null
  readonly sipHeaders: string | null
  readonly cli: string | null
  readonly spool: string | null
  /** `${ASTSPOOLDIR}`: where the spool lies when the global does not name it. */
  readonly spoolDirectory: string | null
}

/** Actions whose presence in `ListCommands` tells a right. Source: Asterisk 22 manager.c, ListCommands lists what the login may send. */
export const TRIED_ACTIONS = ['MixMonitor', 'MixMonitorMute', 'StopMixMonitor', 'Setvar', 'CoreStatus', 'Originate', 'Command', 'UpdateConfig'] as const

/** The recorder, the format of its files, and what dialplan/asterisk/holdfast.conf calls. */
export const NEEDED_MODULES = ['app_mixmonitor', 'format_wav', 'app_stack', 'app_userevent', 'func_callerid', 'func_channel', 'func_cut', 'func_db', 'func_global', 'func_logic', 'func_strings', 'func_uri'] as const

/** What routes, features.conf and the subroutines themselves call beside `holdfast-record` and `holdfast-announce`. */
export const OTHER_CONTEXTS = ['holdfast-agent', 'holdfast-code', 'holdfast-pause', 'holdfast-native', 'holdfast-pause-native'] as const

/** A global that every event filter of ours lets through. */
export const PROBE_VARIABLE = PARTITIONS_KEY
/** Globals of ours, which have a value where the PBX is set up. No filter lets them through: the session asks for them itself. */
const OWN_VARIABLES = [SPOOL_VARIABLE, KEYS_VARIABLE] as const
const PROBES: ReadonlySet<string> = new Set([PROBE_VARIABLE, ...OWN_VARIABLES])
/** A longer value would be cut by `Getvar`, and not be given back whole. Source: facts of Asterisk 22 §7, 1023 bytes. */
const MAX_PROBE_VALUE = 500
/** The event comes with the reply, within a millisecond; a machine without a free core takes longer. */
const EVENT_DEADLINE_MS = 2_000

/** Logs in, asks, sets one global to what it is, and leaves nothing behind. @throws HoldfastError as `AmiConnection.open` and `request` */
export async function readAmiFacts(endpoint: AmiEndpoint): Promise<AmiFacts> {
  const told = Promise.withResolvers<AmiFacts['event']>()
  const connection = await AmiConnection.open(endpoint, {
    event: (message) => {
      if (message.get('Event') === 'VarSet' && PROBES.has(message.get('Variable') ?? '')) told.resolve({ pbxTimeMs: millisecondsOf(message) })
    },
    // A strange message is not what is looked for.
    fault: () => undefined,
  })
  try {
    await connection.request(chooseEvents())
    const commands = await connection.request({ name: 'ListCommands', fields: {} })
    const settings = await unlessRefused(connection.request({ name: 'CoreSettings', fields: {} }))
    const clockOffsetMs = await clockOffset(connection)
    const variable = await setToItself(connection)
    return {
      version: settings?.known('AsteriskVersion') ?? null,
      runUser: settings?.known('CoreRunUser') ?? null,
      actions: new Set(TRIED_ACTIONS.filter((name) => commands.get(name) !== null)),
      missingModules: await missingModules(connection),
      variable,
      event: variable === 'refused' || variable === 'none' ? null : await Promise.race([told.promise, delay(EVENT_DEADLINE_MS, null, { ref: false })]),
      clockOffsetMs,
      dialplan: await readDialplan(connection),
    }
  } finally {
    connection.close('done')
  }
}

/**
 * Sets a global that has a value to that value, so that no call sees a difference: AMI can set a variable to nothing, but not take it away.
 * Where the one that the event filters know has none, a global of ours is set, and the session adds a filter for it.
 */
async function setToItself(connection: AmiConnection): Promise<AmiFacts['variable']> {
  for (const variable of PROBES) {
    const value = await globalValue(connection, variable)
    if (value === null) return 'refused'
    if (value === '' || value.length > MAX_PROBE_VALUE) continue
    if (variable !== PROBE_VARIABLE) await unlessRefused(connection.request(letThrough(variable)))
    return (await unlessRefused(connection.request({ name: 'Setvar', fields: { Variable: variable, Value: value } }))) === null ? 'refused' : variable === PROBE_VARIABLE ? 'set' : 'set-past-filters'
  }
  return 'none'
}

/** For this session only. Source: Asterisk 22 `manager show command Filter` */
function letThrough(variable: string): AmiAction {
  return { name: 'Filter', fields: { Operation: 'Add', MatchCriteria: 'action(include),name(VarSet),header(Variable),method(exact)', Filter: variable } }
}

/** Empty when it is not set; `null` when it may not be asked. */
async function globalValue(connection: AmiConnection, name: string): Promise<string | null> {
  const reply = await unlessRefused(connection.request({ name: 'Getvar', fields: { Variable: name } }))
  return reply === null ? null : reply.get('Value') ?? ''
}

async function readDialplan(connection: AmiConnection): Promise<DialplanFacts> {
  const value = (name: string): Promise<string | null> => globalValue(connection, name)
  return {
    record: existence(await value('DIALPLAN_EXISTS(holdfast-record,s,1)')),
    announce: existence(await value('DIALPLAN_EXISTS(holdfast-announce,s,1)')),
    missingContexts: await missingContexts(value),
    current: existence(await value(`DIALPLAN_EXISTS(holdfast-version,${DIALPLAN_VERSION},1)`)),
    keys: await value(KEYS_VARIABLE),
    sipHeaders: await value(SIP_HEADERS_VARIABLE),
    cli: await value(CLI_VARIABLE),
    spool: await value(SPOOL_VARIABLE),
    spoolDirectory: await value('ASTSPOOLDIR'),
  }
}

async function missingContexts(value: (name: string) => Promise<string | null>): Promise<readonly string[]> {
  const missing: string[] = []
  for (const context of OTHER_CONTEXTS) {
    if (existence(await value(`DIALPLAN_EXISTS(${context},s,1)`)) === false) missing.push(context)
  }
  return missing
}

/** The function answers 1 or 0; nothing, where the module func_dialplan is not loaded. */
function existence(answer: string | null): boolean | null {
  return answer === '1' ? true : answer === '0' ? false : null
}

async function clockOffset(connection: AmiConnection): Promise<number | null> {
  const sentMs = Date.now()
  const pbxMs = millisecondsOf(await connection.request(ping()))
  return pbxMs === null ? null : pbxMs - (sentMs + Date.now()) / 2
}

async function missingModules(connection: AmiConnection): Promise<readonly string[] | null> {
  const missing: string[] = []
  for (const module of NEEDED_MODULES) {
    const refusal = await refusalOf(connection.request({ name: 'ModuleCheck', fields: { Module: module } }))
    // Source: Asterisk 22 loader.c, manager_modulecheck: "Module not loaded"; without the right: "Permission denied".
    if (refusal?.message.includes('Permission denied') === true) return null
    if (refusal !== null) missing.push(module)
  }
  return missing
}

async function unlessRefused(reply: Promise<AmiMessage>): Promise<AmiMessage | null> {
  try {
    return await reply
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return null
    throw error
  }
}

async function refusalOf(reply: Promise<AmiMessage>): Promise<HoldfastError | null> {
  try {
    await reply
    return null
  } catch (error) {
    if (isHoldfastError(error, 'PBX_REFUSED')) return error
    throw error
  }
}

function millisecondsOf(message: AmiMessage): number | null {
  const seconds = Number(message.get('Timestamp') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : null
}
