import { fromApi } from '../../domain/api-client.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { CallOwner } from '../../domain/desk.ts'
import type { InteractionId, PbxId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { CaptureControl, ControlAnswer, ControlCommand, ControlTarget, LiveCall } from '../../ports/capture-control.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { InteractionPauses } from '../calls/interaction-pauses.ts'
import type { PeerAnswers } from '../pauses/peer-answers.ts'
import type { PauseControl } from '../pauses/pause-control.ts'
import type { PauseWords, PeerPauses } from '../pauses/peer-pauses.ts'
import { withinSignal } from './within-signal.ts'

/** A refusal by the rules comes at once, before any PBX is asked; what takes longer is the PBX, for which the other nodes do not wait. A guess. */
const REFUSED_WITHIN_MS = 150
/** The dialplan waits 750 ms for the answer to a key, and then acts by itself and says "paused": until then it has to hear that a node is away. */
const CODE_ANSWERED_WITHIN_MS = 500
/** What has to be taken back is told again each second anyway. */
const TAKE_BACK_DEADLINE_MS = 2000

interface Parts {
  readonly local: CaptureControl
  readonly pauses: InteractionPauses
  readonly control: Pick<PauseControl, 'hold' | 'resume'>
  readonly peers: PeerPauses
  readonly clock: Clock
  /** Of a pause of which nothing is recorded here. */
  readonly maxDurationMs: number
  /** Named where nothing tells of which PBX the call is. */
  readonly pbxId: PbxId
}

/** What this node itself said. `nothing`: nothing of it is recorded here. */
type Local = { readonly type: 'told'; readonly answers: readonly ControlAnswer[] } | { readonly type: 'nothing'; readonly error: HoldfastError } | { readonly type: 'refused'; readonly error: unknown }

/**
 * Control of calls that other nodes record, too: pauses and resumes go to all of them. Who may ask is decided here, and so is
 * the limit; what is begun or stopped by hand is a matter of the node that has the call.
 */
export class SharedCaptureControl implements CaptureControl {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async control(command: ControlCommand, signal: AbortSignal): Promise<readonly ControlAnswer[]> {
    const { local, peers } = this.#parts
    const interactions = peers.isAlone || command.action === 'start' || command.action === 'stop' ? [] : await this.#interactionsOf(command.target)
    if (interactions.length === 0) return await local.control(command, signal)
    return await peers.during(interactions, () => command.action === 'pause' ? this.#pause(command, interactions, signal) : this.#resume(command, interactions, signal))
  }

  live(target: ControlTarget): Promise<readonly Recording[]> {
    return this.#parts.local.live(target)
  }

  calls(target: ControlTarget): Promise<readonly LiveCall[]> {
    return this.#parts.local.calls(target)
  }

  isConfirmedElsewhere(interactionId: InteractionId): boolean {
    return this.#parts.peers.isConfirmed(interactionId)
  }

  changes(owner: CallOwner, signal: AbortSignal): AsyncIterable<void> {
    return this.#parts.local.changes(owner, signal)
  }

  /** The conversation that is meant, with all that are one with it; of one that is known by id alone, that. */
  async #interactionsOf(target: ControlTarget): Promise<readonly InteractionId[]> {
    const { local, peers } = this.#parts
    const recorded = (await local.live(target)).map(({ interactionId }) => interactionId)
    const [call] = recorded.length > 0 ? [] : await local.calls(target)
    const named = 'interactionId' in target ? [target.interactionId] : []
    const ids = [...recorded, ...call?.interactionId == null ? [] : [call.interactionId], ...named]
    return [...new Set(ids.flatMap((id) => peers.membersOf(id)))]
  }

  async #pause(command: ControlCommand, interactions: readonly InteractionId[], signal: AbortSignal): Promise<readonly ControlAnswer[]> {
    const { peers } = this.#parts
    const here = this.#locally(command, signal)
    const early = await soon(here)
    if (early !== null && isRefused(early)) return answersOf(early)
    const [local, there] = await Promise.all([here, this.#words(command, interactions).then((words) => peers.pause(words, patience(command, signal)))])
    if (isRefused(local)) {
      await this.#takeBack(interactions, 'pause-forbidden')
      return answersOf(local)
    }
    if (there.unconfirmed.some(({ code }) => code === 'PAUSE_NOT_ALLOWED')) {
      await this.#takeBack(interactions, 'pause-forbidden')
      throw new HoldfastError('PAUSE_NOT_ALLOWED', 'a rule under which this conversation is recorded at another site forbids the pause')
    }
    return await this.#together(command, { interactions, local, there })
  }

  /** The pause stands where anybody has confirmed it; where nobody has, it is withdrawn everywhere. */
  async #together(command: ControlCommand, { interactions, local, there }: { readonly interactions: readonly InteractionId[]; readonly local: Local; readonly there: PeerAnswers }): Promise<readonly ControlAnswer[]> {
    const isInForce = interactions.some((id) => this.#parts.pauses.of(id) !== null)
    if (!isInForce && there.results.length === 0) {
      await this.#takeBack(interactions, 'not-confirmed')
      if (local.type !== 'told' && there.unconfirmed.length === 0) throw local.error
    } else if (!isInForce) {
      const { by, how, pbxId, limitMs } = await this.#words(command, interactions)
      const at = this.#parts.clock.now()
      const [measuredBy = pbxId] = there.results.map((result) => result.pbxId)
      await this.#parts.control.hold(interactions.map((interactionId) => ({ interactionId, pbxId: measuredBy, by, how, legs: [], limitMs, endsWith: [], at })))
    }
    return [...answersOf(local), ...there.results, ...there.unconfirmed]
  }

  /** First here: while this node cannot resume, the pause goes on everywhere. */
  async #resume(command: ControlCommand, interactions: readonly InteractionId[], signal: AbortSignal): Promise<readonly ControlAnswer[]> {
    const { pauses, peers } = this.#parts
    const local = await this.#locally(command, signal)
    if (isRefused(local) || interactions.some((id) => pauses.of(id) !== null)) return answersOf(local)
    const there = await peers.resume({ action: 'resume', interactions, by: command.by.id, how: command.how, ...fromApi(command) }, patience(command, signal))
    if (local.type === 'nothing' && there.results.length + there.unconfirmed.length === 0) throw local.error
    return [...answersOf(local), ...there.results, ...there.unconfirmed]
  }

  async #locally(command: ControlCommand, signal: AbortSignal): Promise<Local> {
    const { local, control } = this.#parts
    try {
      return { type: 'told', answers: await local.control(command, signal) }
    } catch (error) {
      if (!isHoldfastError(error, 'RECORDING_NOT_ACTIVE')) return { type: 'refused', error }
      const interactions = command.action === 'resume' ? await this.#interactionsOf(command.target) : []
      const isHeld = interactions.some((id) => this.#parts.pauses.of(id) !== null)
      if (!isHeld) return { type: 'nothing', error }
      return { type: 'told', answers: await withinSignal(control.resume(interactions, { by: command.by, how: command.how, ...fromApi(command) }), signal, () => error) }
    }
  }

  /** The pause as the other nodes are told of it: with what is left, where it is in force already. */
  async #words(command: ControlCommand, interactions: readonly InteractionId[]): Promise<PauseWords> {
    const { target, by, how } = command
    const { pauses, peers, maxDurationMs, local } = this.#parts
    const [pause] = interactions.flatMap((id) => pauses.of(id) ?? [])
    if (pause !== undefined) return { action: 'pause', asked: 'now', interactions, by: pause.by, how: pause.how, pbxId: pause.pbxId, limitMs: peers.leftOf(pause), ...fromApi(pause) }
    const [recording] = await local.live(target)
    const [call] = await local.calls(target)
    return { action: 'pause', asked: 'now', interactions, by: by.id, how, pbxId: recording?.pbxId ?? call?.pbxId ?? this.#parts.pbxId, limitMs: maxDurationMs, ...fromApi(command) }
  }

  async #takeBack(interactions: readonly InteractionId[], by: string): Promise<void> {
    const { control, pauses, peers } = this.#parts
    if (interactions.some((id) => pauses.of(id) !== null)) await control.resume(interactions, { by: { type: 'system', id: by }, how: 'system' })
    await peers.resume({ action: 'resume', interactions, by, how: 'system' }, AbortSignal.timeout(TAKE_BACK_DEADLINE_MS))
  }
}

/** How long other nodes are waited for. */
function patience({ how }: ControlCommand, signal: AbortSignal): AbortSignal {
  return how === 'dtmf' || how === 'dialplan' ? AbortSignal.any([signal, AbortSignal.timeout(CODE_ANSWERED_WITHIN_MS)]) : signal
}

/** What was said in a moment; `null`: nothing yet. */
async function soon(local: Promise<Local>): Promise<Local | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), REFUSED_WITHIN_MS)
  try {
    return await Promise.race([local, promise])
  } finally {
    clearTimeout(timer)
  }
}

function isRefused(local: Local): boolean {
  if (local.type !== 'told') return local.type === 'refused'
  return local.answers.length > 0 && local.answers.every((answer) => answer.outcome === 'failed' && answer.code === 'PAUSE_NOT_ALLOWED')
}

function answersOf(local: Local): readonly ControlAnswer[] {
  if (local.type === 'refused') throw local.error
  return local.type === 'told' ? local.answers : []
}
