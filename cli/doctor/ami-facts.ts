import { setTimeout as delay } from 'node:timers/promises'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import type { AmiEndpoint } from '../../adapters/asterisk/ami-route.ts'
import { chooseEvents, ping } from '../../adapters/asterisk/ami-actions.ts'
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
  /** What became of a variable that was set to the value that it had. */
  readonly variable: 'set' | 'refused'
  /** The event that tells of it. */
  readonly event: { readonly pbxTimeMs: number | null } | null
  /** The PBX's clock minus ours. */
  readonly clockOffsetMs: number | null
}

/** Actions whose presence in `ListCommands` tells a right. Source: Asterisk 22 manager.c, ListCommands lists what the login may send. */
export const TRIED_ACTIONS = ['MixMonitor', 'MixMonitorMute', 'StopMixMonitor', 'Setvar', 'CoreStatus', 'Originate', 'Command', 'UpdateConfig'] as const

/** The recorder, the format of its files, and what dialplan/asterisk/holdfast.conf calls. */
export const NEEDED_MODULES = ['app_mixmonitor', 'format_wav', 'app_stack', 'app_userevent', 'func_callerid', 'func_channel', 'func_cut', 'func_db', 'func_global', 'func_logic', 'func_strings', 'func_uri'] as const

/** A global that every event filter of ours lets through. It is set to the value that it has, mostly none, so that no call sees a difference. */
export const PROBE_VARIABLE = PARTITIONS_KEY
/** A longer value would be cut by `Getvar`, and not be given back whole. Source: facts of Asterisk 22 §7, 1023 bytes. */
const MAX_PROBE_VALUE = 500
/** The event comes with the reply, within a millisecond; a machine without a free core takes longer. */
const EVENT_DEADLINE_MS = 2_000

/** Logs in, asks, sets one global to what it is, and leaves. @throws HoldfastError as `AmiConnection.open` and `request` */
export async function readAmiFacts(endpoint: AmiEndpoint): Promise<AmiFacts> {
  const told = Promise.withResolvers<AmiFacts['event']>()
  const connection = await AmiConnection.open(endpoint, {
    event: (message) => {
      if (message.get('Event') === 'VarSet' && message.get('Variable') === PROBE_VARIABLE) told.resolve({ pbxTimeMs: millisecondsOf(message) })
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
      event: variable === 'refused' ? null : await Promise.race([told.promise, delay(EVENT_DEADLINE_MS, null, { ref: false })]),
      clockOffsetMs,
    }
  } finally {
    connection.close('done')
  }
}

async function setToItself(connection: AmiConnection): Promise<'set' | 'refused'> {
  const current = await unlessRefused(connection.request({ name: 'Getvar', fields: { Variable: PROBE_VARIABLE } }))
  const value = current?.get('Value') ?? ''
  if (current === null || value.length > MAX_PROBE_VALUE) return 'refused'
  return (await unlessRefused(connection.request({ name: 'Setvar', fields: { Variable: PROBE_VARIABLE, Value: value } }))) === null ? 'refused' : 'set'
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
