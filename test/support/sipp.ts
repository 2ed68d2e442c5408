import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from 'node:process'
import { findCommand } from './commands.ts'

/** No load of ours lasts as long; one whose owner was killed ends by itself. */
const LIFE_SECONDS = 900
/** After its last call sipp waits for messages that come late. A guess. */
const END_WITHIN_MS = 30_000
/** One thread sends the packets of so many streams: a thread for each twenty, as sipp has it by itself, is a thread for every other call. */
const STREAMS_PER_THREAD = 200

export interface SippOptions {
  /** Holds the scenario, what went wrong, and the counts. */
  readonly folder: string
  readonly name: string
  /** XML. */
  readonly scenario: string
  readonly port: number
  /** More of the command line; the first word of a calling one is the address to call. */
  readonly words?: readonly string[]
}

/** How many calls sipp began, and how they ended. */
export interface SippCounts {
  readonly created: number
  readonly successful: number
  readonly failed: number
}

/** The load generator of Debian's package sip-tester: many telephones in one process, whose sound costs a tenth of a percent of a core each. */
export class Sipp implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  readonly #statistics: string

  private constructor(child: ChildProcess, statistics: string) {
    this.#child = child
    this.#statistics = statistics
    this.#ended = once(child, 'exit')
    this.#ended.catch(() => undefined)
  }

  static async start({ folder, name, scenario, port, words = [] }: SippOptions): Promise<Sipp> {
    const [program, ...files] = [await findCommand('sipp', 'sip-tester'), ...['xml', 'csv', 'errors'].map((kind) => join(folder, `${name}.${kind}`))]
    const [scenarioFile = '', statistics = '', errors = ''] = files
    await writeFile(scenarioFile, scenario)
    const local = ['-i', '127.0.0.1', '-mi', '127.0.0.1', '-ci', '127.0.0.1', '-p', String(port)]
    const told = ['-trace_stat', '-stf', statistics, '-fd', '1', '-trace_err', '-error_file', errors]
    const child = spawn(program, [...words, '-sf', scenarioFile, ...local, ...told, '-nostdin', '-timeout', `${LIFE_SECONDS}s`, '-rtp_threadtasks', String(STREAMS_PER_THREAD)], {
      // Of a terminal it wants to know the name, though there is none.
      cwd: folder, stdio: 'ignore', env: { ...env, TERM: 'xterm', ...await libraries(program) },
    })
    await once(child, 'spawn')
    return new Sipp(child, statistics)
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** Waits until it has placed what it was to place and every call has ended. */
  async done(withinMs: number): Promise<SippCounts> {
    const late = AbortSignal.timeout(withinMs + END_WITHIN_MS)
    const abort = Promise.withResolvers<never>()
    late.addEventListener('abort', () => abort.reject(new Error('sipp does not come to its end')))
    await Promise.race([this.#ended, abort.promise])
    return countsOf(await readFile(this.#statistics, 'utf8'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

/** The last line has the final counts; `(C)` is since the beginning. Source: sipp `-h stat` */
function countsOf(statistics: string): SippCounts {
  const lines = statistics.trim().split('\n').map((line) => line.split(';'))
  const [names = []] = lines
  const count = (name: string): number => Number(lines.at(-1)?.[names.indexOf(name)])
  return { created: count('TotalCallCreated'), successful: count('SuccessfulCall(C)'), failed: count('FailedCall(C)') }
}

/** An unpacked package brings the libraries that the machine lacks. */
async function libraries(program: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(program, '../../lib')
  if (folder === '/usr/lib') return {}
  return { LD_LIBRARY_PATH: (await readdir(folder)).map((name) => join(folder, name)).join(':') }
}
