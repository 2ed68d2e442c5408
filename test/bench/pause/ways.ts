import { join } from 'node:path'
import { muteRecorder, type RecorderOnChannel } from '../../../adapters/asterisk/ami-actions.ts'
import { AmiConnection } from '../../../adapters/asterisk/ami-connection.ts'
import { parseChannelId } from '../../../core/domain/ids.ts'
import { until } from '../../support/hooks.ts'
import type { LabBench } from '../../support/lab-bench.ts'
import { endpointOf } from '../lab-endpoint.ts'

/** Who is asked for a pause. */
export const WAYS = ['bare', 'control', 'graphql'] as const
export type Way = (typeof WAYS)[number]

/** From the call to its recorder it takes milliseconds. */
const BEGINS_WITHIN_MS = 5000

/** What is dialled is the way. */
export const EXTENSIONS = `
[from-customer]
exten => bare,1,MixMonitor(,r(\${ASTSPOOLDIR}/bare/\${UNIQUEID}.rx.wav)t(\${ASTSPOOLDIR}/bare/\${UNIQUEID}.tx.wav)i(BARE_MMID))
 same => n,UserEvent(HoldfastBenchBare,Recorder: \${BARE_MMID})
 same => n,Dial(PJSIP/agent-bare,20)
 same => n,Hangup()
exten => control,1,Goto(graphql,1)
exten => graphql,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-\${CALLERID(num):9},20)
 same => n,Hangup()
[from-agent]
`
export const PHONES = WAYS.flatMap((way) => [{ name: `customer-${way}`, context: 'from-customer' }, { name: `agent-${way}`, context: 'from-agent' }])

/** A call that is being recorded. */
export interface Recorded {
  /** Resolves when it is confirmed; rejects when it is not. */
  readonly ask: (action: 'pause' | 'resume') => Promise<void>
  /** Without `.rx.wav` and `.tx.wav`. */
  readonly files: string
  /** The customer's and the agent's lane of the stored recording, after the call; or why nothing is stored. */
  readonly stored: () => Promise<readonly [Int16Array, Int16Array] | string>
}

/** Gets ready for a call; what it gives is to be called when the call is there. */
export const RECORDED: Readonly<Record<Way, (lab: LabBench, stack: AsyncDisposableStack) => Promise<() => Promise<Recorded>>>> = {
  bare: recordedBare,
  control: async (lab) => await Promise.resolve(byHoldfast(lab, 'control')),
  graphql: async (lab) => await Promise.resolve(byHoldfast(lab, 'graphql')),
}

function byHoldfast(lab: LabBench, way: 'control' | 'graphql'): () => Promise<Recorded> {
  const since = new Date()
  return async () => await recordedByHoldfast(lab, { way, since })
}

/** A client that does nothing but mute the recorder that the dialplan has started. */
async function recordedBare({ lab }: LabBench, stack: AsyncDisposableStack): Promise<() => Promise<Recorded>> {
  const started = Promise.withResolvers<RecorderOnChannel>()
  const connection = await AmiConnection.open(endpointOf(lab), {
    event: (message) => {
      if (message.get('UserEvent') === 'HoldfastBenchBare') started.resolve({ channelId: parseChannelId(message.get('Uniqueid') ?? ''), recorderId: message.get('Recorder') ?? '' })
    },
    fault: () => undefined,
  })
  stack.defer(() => connection.close('measured'))
  return async () => {
    const recorder = await started.promise
    return {
      ask: async (action) => {
        await connection.request(muteRecorder(recorder, action === 'pause' ? 'on' : 'off'))
      },
      files: join(lab.asterisk.spoolDirectory, 'bare', recorder.channelId),
      stored: async () => await Promise.resolve('by the dialplan alone'),
    }
  }
}

/** @param since - before the call */
async function recordedByHoldfast(lab: LabBench, { way, since }: { readonly way: 'control' | 'graphql'; readonly since: Date }): Promise<Recorded> {
  const caller = `customer-${way}`
  const id = await until(async () => await activeOf(lab, caller), { withinMs: BEGINS_WITHIN_MS })
  return {
    ask: async (action) => {
      const outcome = way === 'control' ? await lab.holdfast.control(action, id) : await overGraphql(lab, action, id)
      if (outcome.toLowerCase() !== 'done') throw new Error(`${action} of ${id}: ${outcome}`)
    },
    files: join(lab.lab.recordingDirectory, 'holdfast', `${id}.0`),
    stored: async () => {
      const [recording] = await lab.settled(1, { caller, since })
      if (recording?.state !== 'STORED') return `${recording?.state ?? 'nothing'} (${[recording?.reason, ...recording?.findings ?? []].join(', ')})`
      const { recorded, other } = await lab.channels(recording.id)
      return [recorded, other]
    },
  }
}

async function activeOf(lab: LabBench, caller: string): Promise<string> {
  const { activeRecordings } = await lab.client.request<{ readonly activeRecordings: readonly { readonly plainId: string; readonly caller: { readonly number: string | null } }[] }>('{ activeRecordings { plainId caller { number } } }')
  const active = activeRecordings.find((recording) => recording.caller.number === caller)
  if (active === undefined) throw new Error(`no recording of ${caller} is active`)
  return active.plainId
}

const MUTATIONS = {
  pause: 'mutation Pause($id: ID!) { done: recordingPause(input: { recordingId: $id }) { results { outcome } userErrors { message } } }',
  resume: 'mutation Resume($id: ID!) { done: recordingResume(input: { recordingId: $id }) { results { outcome } userErrors { message } } }',
} as const

async function overGraphql(lab: LabBench, action: keyof typeof MUTATIONS, id: string): Promise<string> {
  const { done } = await lab.client.request<{ readonly done: { readonly results: readonly { readonly outcome: string }[] | null; readonly userErrors: readonly { readonly message: string }[] } }>(MUTATIONS[action], { id })
  return done.results?.map(({ outcome }) => outcome).join() ?? done.userErrors.map(({ message }) => message).join()
}
