import { link, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readMonoWav } from '../support/audio/read-wav.ts'
import { LabBench } from '../support/lab-bench.ts'
import { type Bench, type BenchForm, quantile, ratio } from './bench.ts'
import { type Asked, maskedAfter } from './pause/masked.ts'
import { TimedNoise } from './pause/timed-noise.ts'
import { EXTENSIONS, PHONES, RECORDED, type Recorded, type Way, WAYS } from './pause/ways.ts'

/** Pauses of one call, and how often three such calls, one for each way, go on at once. */
const FORMS: Readonly<Record<BenchForm, { readonly pauses: number; readonly rounds: number }>> = { full: { pauses: 25, rounds: 6 }, quick: { pauses: 3, rounds: 1 } }
/** A pause, and what lies between two: never in step with the packets of 20 ms, nor with the other calls. */
const SPAN_MS = { least: 110, spread: 40 } as const
/** The first packets of both sides are on their way. */
const TALKED_MS = 500

/** One call that is paused again and again. */
interface Paused {
  readonly asked: readonly Asked[]
  /** Milliseconds from each request to the first silenced sample of the file that the PBX wrote, and of the stored one; `null`: not found. */
  readonly spool: readonly (number | null)[]
  readonly stored: readonly (number | null)[] | string
}
/** From the request for a pause to the first sample that is silent: over GraphQL, by the capture control alone, and beside them by bare AMI MixMonitorMute. */
export const bench: Bench = async (folder, form) => {
  const { pauses, rounds } = FORMS[form]
  await using lab = await LabBench.open({ extensions: EXTENSIONS, phones: PHONES, attachedKeys: [], settings: { log: { level: 'warn' } }, as: 'controlled' })
  const found = new Map<Way, Paused[]>(WAYS.map((way) => [way, []]))
  for (let round = 0; round < rounds; round += 1) {
    const calls = await Promise.all(WAYS.map(async (way, index) => [way, await pausedCall(lab, { way, pauses, seed: round * WAYS.length + index, folder })] as const))
    for (const [way, call] of calls) found.get(way)?.push(call)
  }
  const of = (way: Way): readonly Paused[] => found.get(way) ?? []
  const answered = (way: Way): readonly number[] => of(way).flatMap(({ asked }) => asked.map(({ askedAtMs, answeredAtMs }) => answeredAtMs - askedAtMs))
  const base = { masked: present(of('bare').flatMap(({ spool }) => spool)), answered: answered('bare') }
  const row = (name: string, way: Way, masked: readonly (number | null)[]): readonly (string | number)[] => {
    const [here, answers] = [present(masked), answered(way)]
    return [
      name, masked.length, masked.length - here.length, ms(quantile(here, 0.5)), ms(quantile(here, 0.99)), ratio(quantile(here, 0.5), quantile(base.masked, 0.5)),
      ms(quantile(answers, 0.5)), ms(quantile(answers, 0.99)), ratio(quantile(answers, 0.5), quantile(base.answered, 0.5)),
    ]
  }
  const unstored = [...of('control'), ...of('graphql')].flatMap(({ stored }) => typeof stored === 'string' ? [stored] : [])
  return {
    title: 'From the request for a pause to the first masked sample',
    columns: ['', 'pauses', 'not found', 'masked p50 ms', 'p99 ms', 'p50 to bare', 'answer p50 ms', 'p99 ms', 'p50 to bare'],
    rows: [
      row('bare AMI MixMonitorMute, file of the PBX', 'bare', of('bare').flatMap(({ spool }) => spool)),
      row('capture control alone, file of the PBX', 'control', of('control').flatMap(({ spool }) => spool)),
      row('GraphQL recordingPause, file of the PBX', 'graphql', of('graphql').flatMap(({ spool }) => spool)),
      row('GraphQL recordingPause, stored file', 'graphql', of('graphql').flatMap(({ stored }) => typeof stored === 'string' ? [] : stored)),
    ],
    notes: [
      'Both telephones send noise of which each sample is known: the first silent sample of both lanes, found in the file, was due at the telephone so long after the request; the later lane counts.',
      'What a person says leaves a real telephone up to 20 ms after it was said: it is masked so much sooner. The PBX masks whole packets of 20 ms, so that half of one is lost on average in any case.',
      `${rounds} times three calls at once, one for each way, ${pauses} pauses each, at moments that are in step with nothing. The capture control is commanded over a pipe to its process: journal with fsync, command, confirmation; GraphQL adds HTTP, token, rights and audit.`,
      ...unstored.length === 0 ? [] : [`Recordings that were not stored: ${unstored.join('; ')}.`],
    ],
  }
}

interface Call {
  readonly way: Way
  readonly pauses: number
  /** Another one for each call. */
  readonly seed: number
  readonly folder: string
}

async function pausedCall(lab: LabBench, { way, pauses, seed, folder }: Call): Promise<Paused> {
  const noise = { customer: new TimedNoise(2 * seed + 1), agent: new TimedNoise(2 * seed + 2) }
  await using stack = new AsyncDisposableStack()
  const customerPhone = stack.use(await lab.phone(`customer-${way}`, noise.customer))
  const agentPhone = stack.use(await lab.phone(`agent-${way}`, noise.agent))
  await agentPhone.register()
  const begun = await RECORDED[way](lab, stack)
  const customer = await customerPhone.call(way)
  const agent = await agentPhone.incoming()
  await agent.answer({ afterMs: 100 })
  await customer.answered()
  const recorded = await begun()
  await delay(TALKED_MS)
  const asked = await pauseAndResume(recorded, pauses)
  // Ingest removes the PBX's files: a second name keeps them.
  const kept = join(folder, `${way}-${seed}`)
  await mkdir(kept)
  for (const lane of ['rx', 'tx']) await link(`${recorded.files}.${lane}.wav`, join(kept, `${lane}.wav`))
  await customer.hangUp()
  await agent.ended()
  const stored = await recorded.stored()
  const masked = ([first, second]: readonly [Int16Array, Int16Array]): readonly (number | null)[] =>
    maskedAfter({ customer: { track: first, noise: noise.customer }, agent: { track: second, noise: noise.agent } }, asked)
  return { asked, spool: masked([await readMonoWav(join(kept, 'rx.wav')), await readMonoWav(join(kept, 'tx.wav'))]), stored: typeof stored === 'string' ? stored : masked(stored) }
}

async function pauseAndResume({ ask }: Recorded, pauses: number): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  for (let pause = 0; pause < pauses; pause += 1) {
    const askedAtMs = performance.now()
    await ask('pause')
    asked.push({ askedAtMs, answeredAtMs: performance.now() })
    await delay(SPAN_MS.least + Math.random() * SPAN_MS.spread)
    await ask('resume')
    await delay(SPAN_MS.least + Math.random() * SPAN_MS.spread)
  }
  return asked
}

function present(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null)
}

function ms(value: number): string {
  return value.toFixed(1)
}
