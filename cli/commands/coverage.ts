import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadSettingsDespitePolicy } from '../../config/load-settings.ts'
import type { CoverageGap } from '../../core/domain/coverage.ts'
import { parsePbxId } from '../../core/domain/ids.ts'
import { type CoverageReport, coverageReport, MOST_LISTED } from '../../core/library/search/coverage-report.ts'
import type { CoveredLeg } from '../../core/ports/coverage-ledger.ts'
import { consoleActor } from '../console-actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { type ConfigOption, configOption, type JsonOption, jsonOption, parseDurationMs, refuseUnknownPbx } from './options.ts'

const HELP = `
Compares every answered leg that a rule wanted with what was sealed of it: the seconds that were wanted, those that are stored,
those that are missing and why, and the times in which nobody saw a PBX. What the words mean: docs/coverage.md.

A time is 2026-03-01, 2026-03-01T09:30, with Z or an offset if it is not local, or how long ago: 12h, 30d.

Exit code 1: a call lacks more than coverage.toleratedMs, or its sound is not sealed long after its end.

Examples:
  holdfast coverage                              the last day
  holdfast coverage --since 30d --pbx main
  holdfast coverage --since 2026-03-01 --until 2026-04-01 --json`

const DEFAULT_SINCE = '24h'
const DEFAULT_WORST = 10

interface CoverageOptions extends ConfigOption, JsonOption {
  readonly since: Moment
  readonly until?: Moment
  readonly pbx?: string
  readonly worst: number
}

/** An instant, or how long ago. */
type Moment = { readonly at: Date } | { readonly agoMs: number }

export function addCoverage(program: Command, context: CommandContext): void {
  const { terminal } = context
  program
    .command('coverage')
    .description('what was to be recorded, and what of it is missing')
    .addOption(configOption())
    .addOption(new Option('--since <time>', 'legs that began then or later').argParser(parseMoment).default(parseMoment(DEFAULT_SINCE), `${DEFAULT_SINCE} ago`))
    .addOption(new Option('--until <time>', 'legs that began before').argParser(parseMoment))
    .option('--pbx <id>', 'of one PBX')
    .addOption(new Option('--worst <count>', 'how many legs are listed').argParser(parseCount).default(DEFAULT_WORST))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(async ({ config, since, until, pbx, worst, json }: CoverageOptions, command: Command) => {
      const settings = loadSettingsDespitePolicy(config)
      if (pbx !== undefined) refuseUnknownPbx(command, settings, pbx)
      const now = systemClock.now()
      const range = { from: instantOf(since, now), to: until === undefined ? now : instantOf(until, now), pbxId: pbx === undefined ? null : parsePbxId(pbx) }
      await using store = await openConsoleStore(settings)
      const report = await coverageReport(store.coverage, range, { toleratedMs: settings.coverage.toleratedMs, listed: worst })
      await store.audit.append({
        at: now, actor: consoleActor(), action: 'coverage.read', object: { type: 'audit', id: 'coverage' }, outcome: 'ok', reason: null,
        details: { from: range.from.toISOString(), to: range.to.toISOString(), pbxId: range.pbxId, legs: report.totals.legs, missingMs: report.totals.missingMs }, personal: {},
      })
      const overdue = (await store.coverage.unsettled(1, null)).filter(({ toAt }) => now.getTime() - toAt.getTime() > settings.coverage.overdueAfterMs)
      terminal.out(json === true ? JSON.stringify(report, null, 2) : coverageText(report))
      if (overdue.length > 0) terminal.err('A call that is long over has no sealed sound yet: is the service running, and can it store? `holdfast doctor` looks.')
      if (report.totals.gapLegs > 0 || overdue.length > 0) context.fail()
    })
}

/** The report for people. */
/** Not that every PBX was observed all the time: that nobody can know from this. */
const UNSEEN_NOWHERE = 'No time is on record in which a PBX was not observed. The record begins when a PBX was first seen, and a service that was killed tells of it when it runs again.'

export function coverageText({ range, toleratedMs, totals, worst, windows }: CoverageReport): string {
  const { legs, settledLegs, waitingLegs, liveLegs, gapLegs, wantedMs, coveredMs, missingMs, missing, excused } = totals
  return [
    `Coverage from ${shown(range.from)} to ${shown(range.to)}${range.pbxId === null ? '' : `, PBX ${range.pbxId}`}`,
    [
      `${legs} legs were wanted: ${settledLegs} compared, ${waitingLegs} wait for their sound, ${liveLegs} last`,
      `${seconds(wantedMs)} wanted, ${seconds(coveredMs)} stored (${share(coveredMs, wantedMs)}), ${seconds(missingMs)} missing`,
      `${gapLegs} legs lack more than the ${seconds(toleratedMs)} that are tolerated`,
    ].join('\n'),
    missing.length === 0 ? 'Nothing is missing.' : table(['missing because of', 'legs', 'seconds'], missing.map(({ cause, legs: count, milliseconds }) => [cause, String(count), seconds(milliseconds)])),
    ...excused.length === 0 ? [] : [table(['not wanted because of', 'legs', 'seconds'], excused.map(({ excuse, legs: count, milliseconds }) => [excuse, String(count), seconds(milliseconds)]))],
    ...worst.length === 0 ? [] : [table(['began', 'pbx', 'leg', 'side', 'interaction', 'missing', 'gaps'], worst.map(legCells))],
    windows.length === 0 ? UNSEEN_NOWHERE : table(['not observed from', 'to', 'pbx', 'because', 'unknown calls found'], windows.map(({ fromAt, toAt, pbxId, because, callsFound }) => [
      shown(fromAt), toAt === null ? 'now' : shown(toAt), pbxId, because, String(callsFound),
    ])),
  ].join('\n\n')
}

function legCells({ expectation: { fromAt, pbxId, channelId, side, interactionId }, assessment: { missingMs, gaps } }: CoveredLeg): readonly string[] {
  return [shown(fromAt), pbxId, channelId, side, interactionId, seconds(missingMs), gaps.map((gap) => gapText(gap, fromAt)).join(', ')]
}

/** Where it lies in the leg: `peer-change 4.210+0.028`. */
function gapText({ beganAt, endedAt, why }: CoverageGap, fromAt: Date): string {
  return `${why} ${seconds(beganAt.getTime() - fromAt.getTime())}+${seconds(endedAt.getTime() - beganAt.getTime())}`
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`
}

/** Rounded down: 100 % is said of nothing that lacks a millisecond. */
function share(part: number, whole: number): string {
  return whole === 0 ? 'nothing was wanted' : `${(Math.floor((part / whole) * 100_000) / 1000).toFixed(3)} %`
}

function shown(at: Date): string {
  return at.toISOString().replace('T', ' ').slice(0, 19)
}

function instantOf(moment: Moment, now: Date): Date {
  return 'at' in moment ? moment.at : new Date(now.getTime() - moment.agoMs)
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

function parseMoment(text: string): Moment {
  if (/^\d+[mhdw]$/.test(text)) return { agoMs: parseDurationMs(text) }
  const at = new Date(text.length === 10 ? `${text}T00:00` : text)
  if (!ISO_TIME.test(text) || Number.isNaN(at.getTime())) throw new InvalidArgumentError('A time such as 2026-03-01T09:30, or how long ago, such as 30d.')
  return { at }
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > MOST_LISTED) throw new InvalidArgumentError(`A number from 1 to ${MOST_LISTED}.`)
  return count
}
