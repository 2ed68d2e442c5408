import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import { type ChannelId, parseChannelId, type PbxId } from '../../core/domain/ids.ts'
import type { LiveChannel } from '../../core/ports/pbx-event.ts'
import { type Bridge, conferenceOf, parkingOf, talkOf } from './bridges.ts'
import { channelIdOf, otherChannel } from './channel-of.ts'
import { ARM_VARIABLE, RECORDING_VARIABLE } from './dialplan-names.ts'
import { listRecorders } from './esl-commands.ts'
import type { EslConnection } from './esl-connection.ts'
import { dumpedChannel, type EslMessage } from './esl-message.ts'
import { recorderFilesIn } from './esl-replies.ts'
import type { Leg, Legs } from './legs.ts'
import { newLeg } from './new-leg.ts'
import { fileOf } from './spool-names.ts'

/** A leg that exists as the link comes up, and the bridges that it is in, the outermost first. */
export interface FoundLeg {
  readonly leg: Leg
  readonly bridges: readonly Bridge[]
}

/** What exists on the PBX now. */
export interface Snapshot {
  readonly channels: readonly LiveChannel[]
  readonly pbxStartedAt: Date | null
  /** The same legs, for who reads their events from now on. */
  readonly found: readonly FoundLeg[]
}

export interface SnapshotContext {
  readonly pbxId: PbxId
  /** By the PBX's clock. */
  readonly now: () => Date
  /** As FreeSWITCH sees it, absolute, without a slash at its end. */
  readonly recordingDirectory: string
  /** What was known of a leg before. */
  readonly remembered: Legs['find']
  /** Legs that were there before. The list is of a database that is up to 0.3 s behind (measured), and may not have them yet. */
  readonly known: Iterable<ChannelId>
  /** Keys of attached data that are kept. */
  readonly attachedKeys: ReadonlySet<string>
  readonly refused: (reason: 'id') => void
  readonly pause: (ms: number) => Promise<void>
}

type Questions = Pick<EslConnection, 'api' | 'list'>

/** FreeSWITCH answers one after the other: these wait in the network, so that none waits for us. */
const QUESTIONS_AT_ONCE = 64
/** Half a second in all: longer than that no call waits for us. */
const LIST_ATTEMPTS = 5
const BETWEEN_LISTS_MS = 100

/** Errors as `EslConnection.api`. */
export async function takeSnapshot(connection: Questions, context: SnapshotContext): Promise<Snapshot> {
  const uptime = Number(await connection.api('uptime s'))
  // Whole seconds: it was up a moment earlier rather than later.
  const pbxStartedAt = Number.isInteger(uptime) ? new Date(context.now().getTime() - (uptime + 1) * 1000) : null
  const ids = [...new Set([...await liveIds(connection, context), ...context.known])]
  const dumps = (await each(ids, (id) => dumpOf(connection, id))).filter((dump) => dump !== null)
  const bonds = new Bonds(dumps)
  const found = dumps.flatMap((dump) => foundLeg(dump, bonds, context))
  const recorders = new Map(await each(dumps, async (dump) => [dump.get('Unique-ID') ?? '', await recorderOn(connection, dump, context)] as const))
  const channels = found.map(({ leg: { channel, toldBridgeId } }): LiveChannel => ({ channel, bridgeId: toldBridgeId, recorderId: recorders.get(channel.channelId) ?? null }))
  return { channels, pbxStartedAt, found }
}

/**
 * FreeSWITCH writes its list behind its events, under load a while later (seen: three calls of 250 were not in it yet). It is read
 * again until it has as many as there are, or time is up: who is missing is met at her next event.
 */
async function liveIds(connection: Questions, context: SnapshotContext): Promise<readonly ChannelId[]> {
  for (let attempt = 1; ; attempt += 1) {
    const sessions = Number(/^(\d+) session\(s\) - peak/m.exec(await connection.api('status'))?.[1] ?? 0)
    const listed = idsOf(await connection.list('show channels as json'))
    if (listed.length >= sessions || attempt === LIST_ATTEMPTS) return listed.flatMap((id) => ownId(id, context.refused))
    await context.pause(BETWEEN_LISTS_MS)
  }
}

/** An empty list has no `rows` (seen with 1.10.12). @throws HoldfastError `PBX_REFUSED` where it is no list: `-nosql` keeps none */
function idsOf(text: string): readonly string[] {
  const list = parsed(text)
  if (list === null || !('row_count' in list)) throw new HoldfastError('PBX_REFUSED', 'FreeSWITCH lists no channels: it needs its core database', { command: 'show' })
  const rows: unknown = 'rows' in list ? list.rows : []
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row: unknown) => {
    const id: unknown = typeof row === 'object' && row !== null && 'uuid' in row ? row.uuid : null
    return typeof id === 'string' ? [id] : []
  })
}

function ownId(text: string, refused: SnapshotContext['refused']): readonly ChannelId[] {
  try {
    return [parseChannelId(text)]
  } catch (error) {
    if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
    refused('id')
    return []
  }
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** `null` for one that has hung up since it was listed. */
async function dumpOf(connection: Questions, id: ChannelId): Promise<EslMessage | null> {
  const dump = dumpedChannel(await connection.api(`uuid_dump ${id} json`))
  return dump === null || dump.get('Unique-ID') !== id || dump.get('Answer-State') === 'hangup' ? null : dump
}

function foundLeg(dump: EslMessage, bonds: Bonds, context: SnapshotContext): readonly FoundLeg[] {
  try {
    const leg = remember(newLeg(dump, { pbxId: context.pbxId, at: context.now(), legs: { find: context.remembered } }), context.remembered(channelIdOf(dump)))
    for (const key of context.attachedKeys) leg.attached.set(key, dump.get(`variable_${key}`) ?? '')
    const bridges = bridgesOf(dump, bonds)
    leg.toldBridgeId = bridges.at(-1)?.bridgeId ?? null
    if (bridges.length > 0) leg.identity = 'settled'
    return [{ leg, bridges }]
  } catch (error) {
    if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
    context.refused('id')
    return []
  }
}

/** In the middle of a call FreeSWITCH names the call, the number and the one behind the leg after where it has come since. */
function remember(found: Leg, known: Leg | null): Leg {
  if (known === null) return found
  const { answeredAt } = found.channel
  return { ...found, identity: known.identity, channel: { ...known.channel, answeredAt: known.channel.answeredAt ?? answeredAt } }
}

/** Legs by their ids, and those that are bound to each. */
class Bonds {
  readonly #dumps: ReadonlyMap<string, EslMessage>
  readonly #boundTo: ReadonlyMap<string, readonly EslMessage[]>

  constructor(dumps: readonly EslMessage[]) {
    this.#dumps = new Map(dumps.map((dump) => [dump.get('Unique-ID') ?? '', dump]))
    this.#boundTo = Map.groupBy(dumps.filter(isTalking), (dump) => dump.variable('signal_bond') ?? '')
  }

  /**
   * Two legs are joined while each is bound to the other. Who consults somebody is bound to her, and the first stays bound to who
   * left; a leg that rings is bound to the one for which it rings, which is bound to nobody yet.
   */
  bridgesOf(dump: EslMessage): readonly Bridge[] {
    const channelId = channelIdOf(dump)
    const bond = otherChannel(dump, 'variable_signal_bond')
    const left = (this.#boundTo.get(channelId) ?? []).filter((other) => other.get('Unique-ID') !== bond)
    const isJoined = bond !== null && isTalking(dump) && (this.#dumps.get(bond)?.variable('signal_bond') ?? null) !== null
    const joined = isJoined ? [talkOf(channelId, bond)] : []
    return joined.length === 0 ? [] : [...left.map((other) => talkOf(channelId, channelIdOf(other))), ...joined]
  }
}

/** States of a leg that hears nobody: its route runs, or it waits. Source: FreeSWITCH 1.10 switch_types.h, `switch_channel_state_t` */
const ALONE: ReadonlySet<string> = new Set(['CS_NEW', 'CS_INIT', 'CS_ROUTING', 'CS_PARK'])

function isTalking(dump: EslMessage): boolean {
  return dump.get('Answer-State') !== 'ringing' && !ALONE.has(dump.get('Channel-State') ?? '')
}

function bridgesOf(dump: EslMessage, bonds: Bonds): readonly Bridge[] {
  const application = dump.variable('current_application')
  const isInApplication = dump.get('Channel-State') === 'CS_EXECUTE'
  const conferenceId = dump.variable('conference_uuid')
  if (isInApplication && application === 'conference' && conferenceId !== null) return [conferenceOf(conferenceId)]
  return isInApplication && application === 'valet_park' ? [parkingOf(channelIdOf(dump))] : bonds.bridgesOf(dump)
}

/** A file of ours that is being written on this leg, or is armed for its answer. */
async function recorderOn(connection: Questions, dump: EslMessage, { recordingDirectory }: SnapshotContext): Promise<string | null> {
  const path = dump.variable(RECORDING_VARIABLE)
  const file = fileOf(recordingDirectory, path)
  if (path === null || file === null) return null
  if (dump.get('Answer-State') !== 'answered' && isArmed(dump, path)) return file
  const listed = await connection.api(listRecorders(channelIdOf(dump)))
  return recorderFilesIn(listed).includes(path) ? file : null
}

/** Ours has a variable of its own, the dialplan's another. */
function isArmed(dump: EslMessage, path: string): boolean {
  return [...dump.entries()].some(([name, value]) => name.startsWith(`variable_${ARM_VARIABLE}`) && value.includes(` ${path} `))
}

/** The answers, in order; at most so many questions are on their way. */
async function each<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = []
  const open = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of open) answers[index] = await ask(item)
  }
  await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, work))
  return answers
}
