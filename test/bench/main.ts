import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import type { Bench, BenchForm, BenchResult } from './bench.ts'

const BENCH_FILE = /^(.+)\.bench\.ts$/
const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const KEPT = join(import.meta.dirname, '../../.cache/bench')
const HEAD = '# Results of the benches\n\nHow to get them again: `npm run bench` (`-- --write` puts them here). Compare figures within a table only: each table was measured in one run, on a machine that other work was running on.\n'

/** More than the widest bench could load in a day. */
const MAX_ROWS = 999_999_999

interface BenchArguments {
  readonly write?: true
  readonly quick?: true
  readonly keep?: true
  readonly rows?: number
}

const names = (await readdir(import.meta.dirname)).flatMap((file) => BENCH_FILE.exec(file)?.[1] ?? []).toSorted((one, other) => one.localeCompare(other))
const command = new Command('bench')
  .description('Runs the benches, all or those that are named, and prints their tables.')
  .addArgument(new Argument('[name...]', 'which benches').choices(names))
  .option('--write', 'put the tables into test/bench/RESULTS.md, each in its own section; sections of other benches stay')
  .addOption(new Option('--quick', 'as little of each as shows that it still runs').conflicts('write'))
  .option('--rows <count>', 'how many rows a bench has that has any', rowsOf)
  .option('--keep', 'leave what a bench loaded in .cache/bench, and take it from there the next time')
  .showHelpAfterError('Add --help for what is possible.')
  .parse()
const { write, quick, keep, rows } = command.opts<BenchArguments>()
const form: BenchForm = quick === true ? 'quick' : 'full'
const asked = command.args

for (const name of asked.length > 0 ? asked : names) {
  const before = loadavg()[0] ?? Number.NaN
  const section = markdown(await run(name), before)
  console.log(section)
  if (write === true) await writeSection(name, section)
}

/** @throws InvalidArgumentError */
function rowsOf(text: string): number {
  const count = /^[1-9][0-9]*$/.test(text) ? Number(text) : Number.NaN
  if (!(count <= MAX_ROWS)) throw new InvalidArgumentError(`A whole number from 1 to ${MAX_ROWS}.`)
  return count
}

async function run(name: string): Promise<BenchResult> {
  const { bench } = await import(pathToFileURL(join(import.meta.dirname, `${name}.bench.ts`)).href) as { readonly bench: Bench }
  const folder = await mkdtemp(join(tmpdir(), `holdfast-bench-${name}-`))
  try {
    return await bench(folder, form, { ...(rows === undefined ? {} : { rows }), ...(keep === true ? { keptIn: join(KEPT, name) } : {}) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function markdown({ title, columns, rows: cells, notes }: BenchResult, loadBefore: number): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', machine(loadBefore), '', line(columns), line(columns.map(() => '---')), ...cells.map((row) => line(row)), '', ...notes.map((note) => `- ${note}`), ''].join('\n')
}

/** What the figures depend upon; never the machine's name. */
function machine(loadBefore: number): string {
  const [cpu] = cpus()
  return `${new Date().toISOString().slice(0, 10)}, ${cpu?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}, load average ${loadBefore.toFixed(1)} before and ${loadavg()[0]?.toFixed(1)} after`
}

async function writeSection(name: string, section: string): Promise<void> {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->\n`]
  const before = await readFile(RESULTS, 'utf8').catch(() => HEAD)
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  const rest = from < 0 || to < 0 ? { ahead: `${before}\n`, after: '' } : { ahead: before.slice(0, from), after: before.slice(to + end.length) }
  await writeFile(RESULTS, `${rest.ahead}${begin}${section}${end}${rest.after}`)
}
