import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import { aboutRecording, personalOf } from '../../core/domain/audit-entry.ts'
import { parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import type { QualityFinding } from '../../core/domain/media.ts'
import { fileNames, type Recording } from '../../core/domain/recording.ts'
import { covers, liesWithin, releaseMark, type SegmentByHand } from '../../core/ingest/quarantine.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../core/ports/recording-repository.ts'
import { consoleActor } from '../console-actor.ts'
import { type ConsoleStore, openConsoleStore } from '../console-store.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption } from './options.ts'

const HELP = `
A recording is quarantined when a pause in it cannot be found in the samples: it is not stored, nobody can hear it, and its files
stay in the spool as the PBX wrote them. Listen to the files of each segment that is listed, and say where the pause is in them,
in seconds from their beginning. The running service then stores the recording with silence there. What you say stands in the
audit. docs/pause.md tells how to look for it.

Examples:
  holdfast quarantine list
  holdfast quarantine release 797088153600064 --silence 0:12.3-18.25
  holdfast quarantine release 797088153600064 --silence 0:12.3-18.25 --silence 0:40-55 --nothing-in 1`

const ALL: { readonly type: 'all' } = { type: 'all' }
const FAILED: RecordingFilter = { ...ANY_RECORDING, states: ['failed'] }
/** Recordings read at once. */
const PAGE = 200
const SPAN = /^(\d{1,3}):(\d{1,6}(?:\.\d{1,3})?)-(\d{1,6}(?:\.\d{1,3})?)$/

interface ReleaseOptions extends ConfigOption {
  readonly silence?: readonly SegmentByHand[]
  readonly nothingIn?: readonly SegmentByHand[]
  readonly anyway?: true
}

export function addQuarantine(program: Command, context: CommandContext): void {
  const quarantine = program.command('quarantine').description('recordings with a pause that could not be found').addHelpText('after', HELP)
  quarantine
    .command('list')
    .description('what is quarantined, and where its pauses are expected')
    .addOption(configOption())
    .action(async ({ config }: ConfigOption) => {
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const recordings = await quarantined(store)
      for (const recording of recordings) for (const line of linesOf(recording)) context.terminal.out(line)
      context.terminal.err(`${recordings.length} recordings are quarantined.`)
    })
  quarantine
    .command('release')
    .description('say where the pauses of a quarantined recording are, and let it be stored')
    .addArgument(new Argument('<recording id>', 'the number that the list shows').argParser(parseIdArgument))
    .addOption(new Option('--silence <segment:from-to>', 'a span to be silenced, in seconds of the segment\'s files; may be repeated').argParser(collectSpan))
    .addOption(new Option('--nothing-in <segment>', 'a segment that has nothing of a pause; may be repeated').argParser(collectSegment))
    .option('--anyway', 'although that is not where, or not as much as, the list expects')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(async (id: RecordingId, { config, silence = [], nothingIn = [], anyway }: ReleaseOptions, command: Command) => {
      const segments = merged([...silence, ...nothingIn])
      if (segments.length === 0) command.error('error: say what is to be silenced: --silence segment:from-to, or --nothing-in segment')
      await using store = await openConsoleStore(loadSettingsDespitePolicy(config))
      const recording = await store.repository.find(id, ALL)
      const against = reasonAgainst(recording, segments) ?? (recording === null ? null : faultOfSpans(lostIn(recording), segments, anyway === true ? 'anyway' : 'as-expected'))
      if (recording !== null && against === null) {
        await release(store, recording, segments)
        context.terminal.out(id)
        return
      }
      context.terminal.err(against ?? 'There is no such recording.')
      context.fail()
    })
}

async function quarantined({ repository }: ConsoleStore): Promise<readonly Recording[]> {
  const found: Recording[] = []
  for (let before: RecordingId | null = null; ;) {
    const { recordings, hasMore } = await repository.search({ filter: FAILED, scope: ALL, first: PAGE, before })
    found.push(...recordings.filter(({ reason }) => reason === 'quarantined'))
    before = recordings.at(-1)?.id ?? null
    if (!hasMore || before === null) return found
  }
}

function linesOf(recording: Recording): readonly string[] {
  const { id, pbxId, startedAt, segments } = recording
  return [
    `${id}  ${pbxId}  ${startedAt.toISOString()}`,
    ...lostIn(recording).flatMap(({ segmentIndex, details }) => {
      const files = segments.find(({ index }) => index === segmentIndex)?.files
      return [
        `  segment ${segmentIndex ?? '?'}: pause ${details['pause'] ?? '?'} expected at ${seconds(details['expectedMilliseconds'])} for ${seconds(details['lengthMilliseconds'])}, the files lack ${seconds(details['driftMilliseconds'])} and last ${seconds(details['fileMilliseconds'])}`,
        `    ${files === undefined ? '' : fileNames(files).join('  ')}`,
      ]
    }),
  ]
}

/** The pauses that could not be found, as they were looked for last. */
function lostIn({ findings }: Recording): readonly QualityFinding[] {
  const lost = findings.filter(({ code }) => code === 'pause-not-located')
  const newest = Math.max(...lost.map(({ at }) => at.getTime()))
  return lost.filter(({ at }) => at.getTime() === newest)
}

/** What is released is stored, and its spool files go: a slip of the hand here keeps a card number for good. */
function faultOfSpans(lost: readonly QualityFinding[], told: readonly SegmentByHand[], mode: 'as-expected' | 'anyway'): string | null {
  for (const { segmentIndex, details: { fileMilliseconds, expectedMilliseconds, lengthMilliseconds, driftMilliseconds, pause } } of lost) {
    const silences = told.find((each) => each.segmentIndex === segmentIndex)?.silences
    if (silences === undefined) return `Segment ${segmentIndex ?? '?'} has a pause that could not be found, and nothing is said of it: --silence ${segmentIndex ?? 0}:from-to, or --nothing-in ${segmentIndex ?? 0}.`
    if (fileMilliseconds !== undefined && !silences.every((span) => liesWithin(span, fileMilliseconds))) return `A span does not lie in the files of segment ${segmentIndex ?? '?'}, which last ${seconds(fileMilliseconds)}.`
    if (mode === 'anyway' || expectedMilliseconds === undefined || lengthMilliseconds === undefined || driftMilliseconds === undefined) continue
    if (!covers(silences, { expectedMs: expectedMilliseconds, lengthMs: lengthMilliseconds, driftMs: driftMilliseconds })) {
      return `That does not silence pause ${pause ?? '?'} of segment ${segmentIndex ?? '?'}, expected at ${seconds(expectedMilliseconds)} for ${seconds(lengthMilliseconds)} or up to ${seconds(Math.abs(driftMilliseconds))} beside it. Who has listened and is sure adds --anyway.`
    }
  }
  return null
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '?' : `${(milliseconds / 1000).toFixed(3)} s`
}

/** Told first: what cannot be audited is not carried out. */
async function release({ audit, jobs }: ConsoleStore, recording: Recording, segments: readonly SegmentByHand[]): Promise<void> {
  const at = systemClock.now()
  const { id, interactionId, pbxId } = recording
  const silenced = segments.map(({ segmentIndex, silences }) => `${segmentIndex}:${silences.map(({ fromMs, toMs }) => `${fromMs}-${toMs}`).join('+')}`).join(' ')
  await audit.append({
    at, actor: consoleActor(), action: 'recording.released', object: aboutRecording(id), outcome: 'ok', reason: 'quarantined',
    details: { interactionId, pbxId, silencedMilliseconds: silenced }, personal: personalOf(recording),
  })
  await jobs.enqueue('ingest', id, at, releaseMark(segments))
}

function reasonAgainst(recording: Recording | null, segments: readonly SegmentByHand[]): string | null {
  if (recording === null) return 'There is no such recording.'
  if (recording.state !== 'failed' || recording.reason !== 'quarantined') return 'The recording is not quarantined.'
  const strange = segments.find(({ segmentIndex }) => !recording.segments.some(({ index }) => index === segmentIndex))
  return strange === undefined ? null : `The recording has no segment ${strange.segmentIndex}.`
}

function merged(told: readonly SegmentByHand[]): readonly SegmentByHand[] {
  const indexes = [...new Set(told.map(({ segmentIndex }) => segmentIndex))]
  return indexes.map((segmentIndex) => ({ segmentIndex, silences: told.filter((each) => each.segmentIndex === segmentIndex).flatMap(({ silences }) => silences) }))
}

function collectSpan(text: string, before: readonly SegmentByHand[] = []): readonly SegmentByHand[] {
  const [, segment, from, to] = SPAN.exec(text) ?? []
  const span = { fromMs: Math.round(Number(from) * 1000), toMs: Math.round(Number(to) * 1000) }
  if (segment === undefined || !(span.fromMs < span.toMs)) throw new InvalidArgumentError('A segment and a span in seconds, such as 0:12.3-18.25.')
  return [...before, { segmentIndex: Number(segment), silences: [span] }]
}

function collectSegment(text: string, before: readonly SegmentByHand[] = []): readonly SegmentByHand[] {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('The number of a segment, such as 0.')
  return [...before, { segmentIndex: Number(text), silences: [] }]
}

function parseIdArgument(text: string): RecordingId {
  try {
    return parseRecordingId(text)
  } catch (error) {
    if (isHoldfastError(error)) throw new InvalidArgumentError('The number of a recording, such as 797088153600064.')
    throw error
  }
}
