import type { ChannelId } from '../domain/ids.ts'
import type { NativePause } from '../ports/pbx-event.ts'
import { adoptPause } from './pauses/adopt-pause.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { thenForget } from './calls/guard.ts'
import { goOnAfter } from './reconcile.ts'
import type { Recorder } from './recorders/recorder.ts'

/** What the dialplan is doing by itself in this moment: recorders that end there meanwhile were not stopped by a stranger. */
export class NativeActs {
  readonly #underWay = new Map<ChannelId, NativePause>()

  begins(act: NativePause): void {
    this.#underWay.set(act.channelId, act)
  }

  ends(channelId: ChannelId): void {
    this.#underWay.delete(channelId)
  }

  isUnderWayOn(channelId: ChannelId): boolean {
    return this.#underWay.has(channelId)
  }

  /** What a leg that hangs up now leaves half done. */
  leftBy(asker: ChannelId): readonly NativePause[] {
    return [...this.#underWay.values()].filter(({ by }) => by.channelId === asker)
  }

  /** The link broke: what became of it is noted by the PBX. */
  clear(): void {
    this.#underWay.clear()
  }
}

interface Actor {
  readonly context: CaptureContext
  readonly recorder: Recorder
  readonly acts: NativeActs
}

/** The dialplan has done what nobody told it to do in time, or whoever asked hung up in the middle of that. */
export async function adoptAct({ context, recorder, acts }: Actor, act: NativePause): Promise<void> {
  await thenForget(async () => {
    await adoptPause(context, act)
    await goOnAfter(context, recorder, act)
  }, () => acts.ends(act.channelId))
}
