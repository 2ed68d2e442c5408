import { type Command, InvalidArgumentError, Option } from 'commander'
import { checkPolicyFile } from '../../config/policy/read-policy.ts'
import { problemLines } from '../../config/problem.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { isAttachedKey } from '../../core/domain/attached-data.ts'
import { type Direction, DIRECTIONS } from '../../core/domain/call.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { parseInteractionId, parseRecordingId } from '../../core/domain/ids.ts'
import { admit } from '../../core/domain/rules/admit.ts'
import type { BacktestReport, Volume } from '../../core/domain/rules/backtest.ts'
import type { DecisionInput } from '../../core/domain/rules/decision-input.ts'
import { type Explanation, explain } from '../../core/domain/rules/explain.ts'
import type { Demand } from '../../core/domain/recording.ts'
import { shownLines } from '../../core/domain/rules/explain-text.ts'
import { shownExplanation } from '../../core/domain/rules/shown-explanation.ts'
import { fieldsSeen, SEEN_AT_CONSOLE } from '../../core/library/policy/attached-visibility.ts'
import { explainRecording } from '../../core/library/policy/policy-explain.ts'
import { backtestHistory, MAX_HISTORY } from '../../core/library/policy/policy-history.ts'
import { ANY_RECORDING } from '../../core/ports/recording-repository.ts'
import { consoleActor } from '../console-actor.ts'
import { openConsoleStore } from '../console-store.ts'
import { table } from '../demo/table.ts'
import { systemClock } from '../runtime/system-clock.ts'
import type { CommandContext } from './command-context.ts'
import { collected, type ConfigOption, configOption, type JsonOption, jsonOption, parseDurationMs } from './options.ts'

const CHECK_HELP = `
Tells every fault with its line and column. Reads the file and the key that it names; changes nothing.

Examples:
  holdfast policy check policy.yaml
  holdfast policy check policy.yaml --json | jq '.problems[].path'`

const EXPLAIN_HELP = `
With --recording: why this call was, or was not, recorded, by the rules of then. Else: what the rules of the settings
would say to a call of which this is known. Values that not everybody may see are hidden.

Examples:
  holdfast policy explain --recording 796749004804096
  holdfast policy explain --data QUEUE=complaints --data CUSTOMER_TYPE=gold --direction inbound --caller +4930111`

const BACKTEST_HELP = `
Decides the calls of a period again by the rules of this file: what would have been recorded, and what changes.

Examples:
  holdfast policy backtest draft.yaml --last 30d
  holdfast policy backtest draft.yaml --json | jq .changes`

const DEFAULT_PERIOD = '30d'
/** A call that was never made draws as this one. */
const EXAMPLE_INTERACTION = 'example'

interface ExplainOptions extends ConfigOption, JsonOption {
  readonly recording?: string
  readonly data: readonly (readonly [string, string])[]
  readonly caller?: string
  readonly callee?: string
  readonly extension: readonly string[]
  readonly queue?: string
  readonly agent?: string
  readonly direction: Direction
  readonly interaction: string
}

export function addPolicy(program: Command, context: CommandContext): void {
  const policy = program.command('policy').description('look at the rules')
  addCheck(policy, context)
  addExplain(policy, context)
  addBacktest(policy, context)
}

function addCheck(policy: Command, { terminal }: CommandContext): void {
  policy
    .command('check')
    .description('tell every fault of a policy file')
    .argument('<file>', 'the policy file')
    .addOption(jsonOption())
    .addHelpText('after', CHECK_HELP)
    .action((file: string, { json }: JsonOption) => {
      const check = checkPolicyFile(file)
      const problems = check.outcome === 'valid' ? [] : check.problems
      if (json === true) terminal.out(JSON.stringify({ file, outcome: check.outcome, problems, version: check.outcome === 'valid' ? check.policy.version : null }, null, 2))
      if (check.outcome === 'invalid') throw invalid(file, problems)
      if (json !== true) terminal.out([`${file}: valid`, `  never: ${names(check.policy.never)}`, `  rules: ${names(check.policy.rules)}`, `  version ${check.policy.version}`].join('\n'))
    })
}

function addExplain(policy: Command, { terminal }: CommandContext): void {
  policy
    .command('explain')
    .description('tell rule by rule why a call is recorded or not')
    .addOption(configOption())
    .option('--recording <id>', 'a recording, or the id of a call that was not recorded')
    .addOption(new Option('--data <key=value>', 'attached data; may be given again').argParser(collected(parsePair)).default([], 'none'))
    .option('--caller <number>', 'who calls')
    .option('--callee <number>', 'who is called')
    .addOption(new Option('--extension <number>', 'a telephone of ours in the call; may be given again').argParser(collected(String)).default([], 'none'))
    .option('--queue <name>', 'the queue')
    .option('--agent <name>', 'the agent')
    .addOption(new Option('--direction <direction>', 'seen from the company').choices(DIRECTIONS).default('inbound'))
    .addOption(new Option('--interaction <id>', 'whose lots are drawn').default(EXAMPLE_INTERACTION))
    .addOption(jsonOption())
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (options: ExplainOptions) => {
      const settings = loadSettings(options.config)
      const { explained, demands } = options.recording === undefined
        ? { explained: explain(settings.policy, inputOf(settings, options, (line) => terminal.err(line))), demands: [] }
        : await ofRecording(settings, options.recording)
      const { decision: { outcome, sides, rule, draws, terms: { mediaFormat } }, factKeys } = explained
      const shown = shownExplanation(explained, fieldsSeen({ attached: settings.attached, factKeys }, SEEN_AT_CONSOLE))
      // A rule draws only when its conditions hold: the lot is hidden with its verdict.
      const open = new Set(shown.rules.filter(({ verdict }) => verdict !== null).map(({ rule: name }) => name))
      terminal.out(options.json === true ? JSON.stringify({ outcome, sides, rule, mediaFormat, draws: draws.filter((draw) => open.has(draw.rule)), demands, ...shown }, null, 2) : shownLines(shown, demands).join('\n'))
    })
}

function addBacktest(policy: Command, { terminal }: CommandContext): void {
  policy
    .command('backtest')
    .description('try a draft on the calls of before')
    .argument('<file>', 'the draft')
    .addOption(configOption())
    .addOption(new Option('--last <time>', 'how far back: 12h, 30d, 8w').argParser(parseDurationMs).default(parseDurationMs(DEFAULT_PERIOD), DEFAULT_PERIOD))
    .addOption(jsonOption())
    .addHelpText('after', BACKTEST_HELP)
    .action(async (file: string, { config, last, json }: ConfigOption & JsonOption & { readonly last: number }) => {
      const check = checkPolicyFile(file)
      if (check.outcome === 'invalid') throw invalid(file, check.problems)
      await using store = await openConsoleStore(loadSettings(config))
      const filter = { ...ANY_RECORDING, startedFrom: new Date(systemClock.now().getTime() - last) }
      const report = await backtestHistory(store.repository, { draft: check.policy, filter, scope: { type: 'all' }, sight: (data) => data })
      terminal.out(json === true ? JSON.stringify(report, null, 2) : reportText(report))
      if (report.cutBy !== null) terminal.err(`The history is longer: the newest ${MAX_HISTORY} recordings were looked at.`)
    })
}

/** Read by somebody at the console: the audit is told before anything is shown. */
async function ofRecording(settings: Settings, text: string): Promise<{ readonly explained: Explanation; readonly demands: readonly Demand[] }> {
  const id = parseRecordingId(text)
  await using store = await openConsoleStore(settings)
  const recording = await store.repository.find(id, { type: 'all' })
  if (recording === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
  await store.audit.append({
    at: systemClock.now(), actor: consoleActor(), action: 'recording.explained', object: { type: 'recording', id }, outcome: 'ok', reason: null,
    details: { rule: recording.decision.rule, policyVersion: recording.decision.policyVersion }, personal: {},
  })
  return { explained: await explainRecording(store.repository, recording, settings.policy), demands: recording.demands }
}

/** Data passes the gate as if the dialplan had told it. */
function inputOf({ attached: schema, pbxs }: Settings, { data, caller, callee, extension, queue, agent, direction, interaction }: ExplainOptions, warn: (line: string) => void): DecisionInput {
  const [pbx] = pbxs
  if (pbx === undefined) throw new HoldfastError('CONFIG_INVALID', 'the settings name no PBX')
  const attached = Object.fromEntries(data.flatMap(([key, value]) => {
    const admission = admit(schema, { key, value, source: 'dialplan' })
    if (admission.outcome === 'refused') warn(`caution: ${key} is not let in (${admission.reason}), and no rule can look at it`)
    return admission.outcome === 'refused' ? [] : [[key, admission.value] as const]
  }))
  return {
    interactionId: parseInteractionId(interaction), occasion: 'route', at: systemClock.now(), attached, caller: caller ?? null, callee: callee ?? null, dialled: callee ?? null, extensions: extension,
    direction, queue: queue ?? null, agent: agent ?? null, businessUnit: null, customerType: null, language: null, pbx: pbx.id, site: pbx.site,
  }
}

function reportText({ policyVersion, calls, before, after, changes, rules }: BacktestReport): string {
  const volume = (name: string, { calls: made, durationMs, sizeBytes }: Volume): readonly string[] => [name, String(made), (durationMs / 3_600_000).toFixed(2), (sizeBytes / 1e6).toFixed(1)]
  return [
    `${calls} calls, decided again by ${policyVersion.slice(0, 12)}`,
    table(['', 'recorded', 'hours', 'MB'], [volume('before', before), volume('after', after)]),
    table(['change', 'calls'], Object.entries(changes).map(([change, count]) => [change, String(count)])),
    table(['rule', 'before', 'after'], rules.map(({ rule, before: was, after: is }) => [rule, String(was), String(is)])),
  ].join('\n\n')
}

function names(rules: readonly { readonly name: string }[]): string {
  return rules.length === 0 ? 'none' : rules.map(({ name }) => name).join(', ')
}

function invalid(file: string, problems: Parameters<typeof problemLines>[0]): HoldfastError {
  return new HoldfastError('POLICY_INVALID', [`${file} is not valid`, ...problemLines(problems)].join('\n  '), { file, problems: problems.length })
}

function parsePair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  const key = text.slice(0, Math.max(0, at))
  if (!isAttachedKey(key)) throw new InvalidArgumentError('A key, = and its value, such as QUEUE=complaints.')
  return [key, text.slice(at + 1)]
}
