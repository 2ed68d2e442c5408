import { setTimeout as delay } from 'node:timers/promises'
import type { Acknowledgement } from '../../../core/ports/pbx-adapter.ts'
import { mintRecordingId, type Playing, record, talk } from '../../contract/pbx-adapter/talk.ts'
import type { CallPlan, PbxSubject } from '../pbx/pbx-subject.ts'

/** What follows a step comes within it, on a machine without other work. */
export const SETTLES_MS = 700

/** What a PBX tells, kept as text, in parts. */
export interface SceneTape {
  /** Ends a part behind the last message that came, or behind the first that has this mark. */
  part(name: string, until?: string | null): void | Promise<void>
  /** Writes the parts down as the scene of this name. */
  save(name: string): Promise<void>
  close(): void
}

interface Stage {
  readonly subject: PbxSubject
  readonly tape: SceneTape
  /** The mark of the message by which a route asks. */
  readonly request: string
  /** Of the message that tells of a feature code, where what follows it is a part by itself. */
  readonly code: string | null
}

interface ScenePlan {
  readonly plan: CallPlan
  readonly outcome: string
  /** `null`: nobody answers the route. */
  readonly answer: Acknowledgement | null
}

/** Plays every scene on this PBX and keeps it; closes the tape at the end. */
export async function captureScenes(stage: Stage): Promise<void> {
  const { subject, tape } = stage
  try {
    {
      await using service = subject.service()
      await service.next('link-up')
      await delay(SETTLES_MS)
      const playing = { subject, service }
      await captureAnswers(stage, playing)
      for (const kind of ['blind', 'attended'] as const) await captureTransfer(stage, playing, kind)
      await captureCode(stage, playing)
    }
    await subject.call()
    await delay(3 * SETTLES_MS)
    await tape.part('asks')
    await finish(stage)
    await tape.save('plain-unserved')
  } finally {
    tape.close()
  }
}

async function captureAnswers(stage: Stage, playing: Playing): Promise<void> {
  for (const plan of [{ attached: 'nothing' }, { attached: 'every kind' }] as const) {
    const name = plan.attached === 'nothing' ? 'plain' : 'kinds'
    await playOne(stage, playing, { plan, outcome: 'answered', answer: 'no' })
    await stage.tape.save(`${name}-answered`)
    await playOne(stage, playing, { plan, outcome: 'unanswered', answer: null })
    await stage.tape.save(`${name}-unanswered`)
  }
  await playOne(stage, playing, { plan: { attached: 'nothing' }, outcome: 'insured', answer: { insure: mintRecordingId() } })
  await stage.tape.save('plain-insured')
}

/** One call from its begin to its end. */
async function playOne(stage: Stage, { subject, service }: Playing, { plan, outcome, answer }: ScenePlan): Promise<void> {
  const before = service.all('recording-asked').length
  await subject.call(plan)
  while (service.all('recording-asked').length === before) await delay(5)
  const asked = service.all('recording-asked')[before]
  if (asked !== undefined && answer !== null) await service.adapter.acknowledge(asked.channelId, asked.requestId, answer)
  await delay(2 * SETTLES_MS)
  await stage.tape.part('asks', stage.request)
  await stage.tape.part(outcome)
  await finish(stage)
}

async function captureTransfer(stage: Stage, playing: Playing, kind: 'blind' | 'attended'): Promise<void> {
  const { call } = await talk(playing)
  await keepBegin(stage)
  await call.passOn(kind)
  await delay(3 * SETTLES_MS)
  await stage.tape.part('passes')
  await finish(stage)
  await stage.tape.save(`plain-${kind}`)
}

async function captureCode(stage: Stage, playing: Playing): Promise<void> {
  const { adapter } = playing.service
  const { call, agent, customer } = await talk(playing)
  await adapter.tellPauseWays(agent, ['dtmf', 'dialplan'])
  await record(adapter, customer)
  await keepBegin(stage)
  await call.pressCode()
  await delay(2 * SETTLES_MS)
  await stage.tape.part('presses', stage.code)
  if (stage.code !== null) await stage.tape.part('alone')
  await finish(stage)
  await stage.tape.save('plain-code')
}

async function keepBegin({ tape, request }: Stage): Promise<void> {
  await delay(SETTLES_MS)
  await tape.part('asks', request)
  await tape.part('answered')
}

async function finish({ subject, tape }: Stage): Promise<void> {
  await subject.endCalls()
  await delay(SETTLES_MS)
  await tape.part('ends')
}
