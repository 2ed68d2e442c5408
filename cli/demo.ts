import { join } from 'node:path'
import { Command, Option } from 'commander'
import { freeSwitchPlaces } from '../config/environment.ts'
import { errorLines, EXIT } from './exit-code.ts'
import { DEMO_PBXS, type DemoPbxType } from './demo/demo-pbx.ts'
import { type Demo, runDemo } from './demo/run-demo.ts'
import { table } from './demo/table.ts'

const ROOT = join(import.meta.dirname, '..')
const HELP = `
Starts a PBX of its own and Holdfast beside it, on the loopback interface, places real calls, and shows what was recorded.
Everything lies in one folder: remove it, and nothing is left.

Examples:
  npm run demo                       stays up until Ctrl-C: listen to the links
  npm run demo -- --exit             ends by itself; status 0 only if every call was recorded, stored, verified and played back
  npm run demo -- --pbx freeswitch   on a FreeSWITCH: the one on the PATH, below HOLDFAST_FREESWITCH, or in the image HOLDFAST_FREESWITCH_IMAGE
  npm run demo -- --exit --json      one JSON document on standard output, progress on standard error`

interface DemoArguments {
  readonly exit?: true
  readonly json?: true
  readonly directory: string
  readonly pbx: DemoPbxType
}

const { exit, json, directory, pbx } = new Command('demo')
  .description('Real calls, recorded before your eyes.')
  .option('--exit', 'end when the calls are over')
  .option('--json', 'print one JSON document at the end')
  .addOption(new Option('--pbx <kind>', 'which PBX').choices(DEMO_PBXS).default('asterisk'))
  .option('--directory <folder>', 'where everything lies', join(ROOT, '.holdfast/demo'))
  .showSuggestionAfterError()
  .showHelpAfterError('Add --help for what is possible.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage))
  .addHelpText('after', HELP)
  .parse()
  .opts<DemoArguments>()

const report = (line: string): void => console.error(line)

try {
  await using demo = await runDemo({ pbx, directory, cacheDir: join(ROOT, '.cache'), places: freeSwitchPlaces(), report })
  if (json === true) console.log(JSON.stringify({ recordings: demo.recordings, graphql: `${demo.url}/graphql`, outcome: demo.outcome }, null, 2))
  show(demo)
  if (exit === true) process.exitCode = demo.outcome === 'complete' ? 0 : 1
  else await interrupted()
} catch (error) {
  for (const line of errorLines(error)) report(line)
  process.exitCode = 1
}

function show({ recordings, links, url, tokens, outcome }: Demo): void {
  const rows = recordings.map(({ id, caller, dialled, side, state, durationMs, channels, pauses, partitions, playback }) => [
    id, `${caller ?? '?'} → ${dialled ?? '?'}`, side.toLowerCase(), state.toLowerCase(), durationMs === null ? '-' : `${(durationMs / 1000).toFixed(2)} s`,
    String(channels ?? '-'), String(pauses.length), partitions.join(' '), playback,
  ])
  report(`\n${table(['recording', 'call', 'side', 'state', 'length', 'channels', 'pauses', 'partitions', 'played back'], rows)}\n`)
  report(outcome === 'complete' ? 'Every call was recorded, stored, verified and played back.' : 'NOT every call was recorded, stored, verified and played back: see above, and the log beside the data.')
  report(`\nGraphQL         ${url}/graphql\n  supervisor    ${tokens.supervisor}\n  administrator ${tokens.administrator}\n`)
  for (const link of links) report(`listen          ${link}`)
  if (exit !== true) report('\nCtrl-C ends it.')
}

async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve())
  })
}
