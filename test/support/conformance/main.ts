import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { findFreeSwitch } from '../../../cli/lab/freeswitch-installation.ts'
import { findOrProvisionAsterisk } from '../../../cli/lab/find-asterisk.ts'
import { freeSwitchPlaces } from '../../../config/environment.ts'
import { conformancePage, type NotThere } from './conformance-table.ts'
import { committedTrees, lastChange, lastChangeAt, uncommitted } from './git-trees.ts'
import { type MochaReport, playedIn } from './outcomes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGE = join(ROOT, 'test/CONFORMANCE.md')
const ABOUT = ['test/unit/fake-pbx.test.ts', 'test/integration/pbx-contract-*.test.ts', 'test/integration/flows-*.test.ts', 'test/integration/pause-*.test.ts', 'test/integration/dtmf-*.test.ts', 'test/integration/{killed-service,insured-destination,random-kills,freeswitch-moved-recorder}.test.ts']

const { args: files } = new Command('conformance')
  .description('Fills test/CONFORMANCE.md: what each PBX did, flow by flow.')
  .argument('[report...]', "mocha's JSON reports; without one, everything that the table is about is run first (an hour and more, on both PBXs)")
  .showHelpAfterError('Add --help for what is possible.')
  .parse()
const dirty = uncommitted()
if (dirty !== '') throw new Error(`commit first, so that it can be told of what the table is:\n${dirty}`)
const reports = files.length > 0 ? files.map((file) => read(file)) : [runAll()]
const tooOld = reports.find(({ stats }) => new Date(stats.start) < lastChangeAt())
if (tooOld !== undefined) throw new Error(`the run of ${tooOld.stats.start} began before the last change: ${lastChange()}`)
const played = reports.flatMap((report) => playedIn(report))
if (played.length === 0) throw new Error('no report tells of a PBX')
const notThere = JSON.parse(readFileSync(join(ROOT, 'test/conformance.json'), 'utf8')) as readonly NotThere[]
const page = conformancePage({ at: new Date(), versions: await versions(), trees: committedTrees() }, played, notThere)
writeFileSync(PAGE, page)
console.error(`${played.length} rows in ${PAGE}`)

async function versions(): Promise<Readonly<Partial<Record<'Asterisk' | 'FreeSWITCH', string>>>> {
  const has = (place: string): boolean => played.some((each) => each.place === place && each.outcome !== 'not played')
  const freeSwitch = await findFreeSwitch(freeSwitchPlaces())
  const asterisk = await findOrProvisionAsterisk({ cacheDir: join(ROOT, '.cache/asterisk'), report: () => undefined })
  return { ...(has('Asterisk') ? { Asterisk: asterisk.version } : {}), ...(has('FreeSWITCH') && freeSwitch !== null ? { FreeSWITCH: freeSwitch.version } : {}) }
}

function runAll(): MochaReport {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-conformance-'))
  try {
    const output = join(folder, 'report.json')
    const mocha = join(ROOT, 'node_modules/.bin/mocha')
    spawnSync(mocha, ['--no-config', '--extension', 'ts', '--require', 'test/support/hooks.ts', '--timeout', '120000', '--reporter', 'json', '--reporter-option', `output=${output}`, ...globSync(ABOUT, { cwd: ROOT })], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
    if (!existsSync(output)) throw new Error('mocha wrote no report')
    return read(output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(file: string): MochaReport {
  return JSON.parse(readFileSync(file, 'utf8')) as MochaReport
}
