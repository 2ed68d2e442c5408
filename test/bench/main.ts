import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import type { Bench, BenchForm, BenchResult } from './bench.ts'

/**
 * Runs the benches and prints their tables: `node test/bench/main.ts [--write | --quick] [--rows=N] [--keep] [name…]`.
 * `--write` puts the tables into RESULTS.md, each in its own section; sections of other benches stay.
 * `--rows` says how many rows a bench has that has any.
 * `--keep` leaves what a bench loaded in .cache/bench, and takes it from there the next time.
 * `--quick` runs as little of each as shows that it still runs.
 */
const BENCH_FILE = /^(.+)\.bench\.ts$/
const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const KEPT = join(import.meta.dirname, '../../.cache/bench')
const HEAD = '# Results of the benches\n\nHow to get them again: `npm run bench` (`-- --write` puts them here). Compare figures within a table only: each table was measured in one run, on a machine that other work was running on.\n'

const options = argv.slice(2).filter((word) => word.startsWith('--'))
const asked = argv.slice(2).filter((word) => !word.startsWith('--'))
const form: BenchForm = options.includes('--quick') ? 'quick' : 'full'
const names = (await readdir(import.meta.dirname)).flatMap((file) => BENCH_FILE.exec(file)?.[1] ?? []).toSorted((one, other) => one.localeCompare(other))
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`there is no bench ${unknown.join(', ')}; there are ${names.join(', ')}`)
const rows = options.flatMap((option) => /^--rows=([1-9][0-9]{0,8})$/.exec(option)?.[1] ?? []).map(Number).at(-1)
if (options.some((option) => !/^--(?:write|quick|keep|rows=[1-9][0-9]{0,8})$/.test(option))) throw new Error(`an option is --write, --quick, --keep or --rows=N, not ${options.join(' ')}`)
if (form === 'quick' && options.includes('--write')) throw new Error('figures of the quick form say nothing, and are not written')

for (const name of asked.length > 0 ? asked : names) {
  const before = loadavg()[0] ?? Number.NaN
  const section = markdown(await run(name), before)
  console.log(section)
  if (options.includes('--write')) await writeSection(name, section)
}

async function run(name: string): Promise<BenchResult> {
  const { bench } = await import(pathToFileURL(join(import.meta.dirname, `${name}.bench.ts`)).href) as { readonly bench: Bench }
  const folder = await mkdtemp(join(tmpdir(), `holdfast-bench-${name}-`))
  try {
    return await bench(folder, form, { ...(rows === undefined ? {} : { rows }), ...(options.includes('--keep') ? { keptIn: join(KEPT, name) } : {}) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function markdown({ title, columns, rows, notes }: BenchResult, loadBefore: number): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', machine(loadBefore), '', line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row)), '', ...notes.map((note) => `- ${note}`), ''].join('\n')
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
