import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import { finished } from 'node:stream/promises'
import type { Context } from 'mocha'
import type { MysqlSettings } from '../../core/store/sql/mysql-database.ts'
import { isThere } from './debian-archives.ts'
import { until } from './hooks.ts'
import { type MariadbPrograms, mariadbPrograms } from './mariadb-programs.ts'
import { orSkip } from './or-skip.ts'

/** Writing its own tables takes a second or two. */
const BOOTSTRAP_DEADLINE_MS = 60_000
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 20_000
/** Source: Debian `base-passwd`, user and group nobody */
const NOBODY = 65_534
const PASSWORD = 'only-on-this-socket'

/** A MariaDB of our own: in a temporary folder, on a UNIX socket, as a user without rights. */
export class PrivateMariadb {
  readonly #spawn: () => ChildProcess
  #child: ChildProcess
  readonly #directory: string
  readonly settings: MysqlSettings

  private constructor(spawnServer: () => ChildProcess, directory: string) {
    this.#spawn = spawnServer
    this.#child = spawnServer()
    this.#directory = directory
    this.settings = { address: { socketPath: join(directory, 'sock') }, user: 'holdfast', password: PASSWORD, database: 'holdfast', tls: null, maxConnections: 8 }
  }

  /**
   * @param options.bufferPoolMiB - what it keeps in memory; a suite's rows are few
   * @param options.commits - `durable`: what it committed outlasts its death, for a little more time on each
   * @param options.keptIn - a folder whose tables stay when it stops, and are there when it starts again
   */
  static async start(report: (line: string) => void, { bufferPoolMiB = 64, commits = 'quick', keptIn }: { readonly bufferPoolMiB?: number; readonly commits?: 'quick' | 'durable'; readonly keptIn?: string } = {}): Promise<PrivateMariadb> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-mariadb-'))
    try {
      const programs = await mariadbPrograms(directory, report)
      const data = keptIn ?? join(directory, 'data')
      const isNew = !(await isThere(join(data, 'holdfast')))
      await mkdir(data, { recursive: true })
      if (getuid?.() === 0) await Promise.all([directory, data].map((path) => chown(path, NOBODY, NOBODY)))
      if (isNew) await bootstrap(programs, data)
      const spawnServer = (): ChildProcess => spawn(programs.server, serverArguments(programs, [
        `--datadir=${data}`, `--socket=${join(directory, 'sock')}`, `--pid-file=${join(directory, 'pid')}`, `--log-error=${join(directory, 'log')}`, '--skip-networking',
        `--innodb-buffer-pool-size=${bufferPoolMiB}M`, `--innodb-flush-log-at-trx-commit=${commits === 'durable' ? 1 : 0}`,
      ]), { stdio: 'ignore', env: { ...env, ...programs.environment } })
      const server = new PrivateMariadb(spawnServer, directory)
      await server.#ready()
      return server
    } catch (error) {
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  /** Stands still: its connections stay, and nothing answers. */
  halt(): void {
    this.#child.kill('SIGSTOP')
  }

  /** Goes on after {@link halt}. */
  goOn(): void {
    this.#child.kill('SIGCONT')
  }

  /** Dies in the middle of whatever it does. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  /** Begins again after {@link kill}, at the same place. */
  async begin(): Promise<void> {
    this.#child = this.#spawn()
    await this.#ready()
  }

  async stop(): Promise<void> {
    this.goOn()
    await end(this.#child)
    await rm(this.#directory, { recursive: true, force: true })
  }

  async #ready(): Promise<void> {
    try {
      await until(() => {
        if (this.#child.exitCode !== null) throw new Error(`MariaDB ended with ${this.#child.exitCode}`)
        return connects(join(this.#directory, 'sock'))
      }, { withinMs: READY_WITHIN_MS, everyMs: 50 })
    } catch (error) {
      await end(this.#child)
      const log = await readFile(join(this.#directory, 'log'), 'utf8').catch(() => '')
      throw new Error(`MariaDB did not start: ${log.slice(-2000)}`, { cause: error })
    }
  }
}

/** A MariaDB for a suite. Where none can be had, the suite is skipped with a loud word, and fails where `CI` is set. */
export async function requireMariadb(context: Context): Promise<PrivateMariadb> {
  return await orSkip(context, 'MariaDB', () => PrivateMariadb.start((line) => console.error(`    ${line}`)))
}

function serverArguments({ share }: MariadbPrograms, more: readonly string[]): readonly string[] {
  // The server refuses to run as root, and an own user without rights is what it should have anyway.
  const user = getuid?.() === 0 ? ['--user=nobody'] : []
  return ['--no-defaults', ...user, `--lc-messages-dir=${share}`, `--character-sets-dir=${join(share, 'charsets')}`, ...more]
}

/** What `mariadb-install-db` does, without its questions about the machine. */
async function bootstrap(programs: MariadbPrograms, data: string): Promise<void> {
  const tables = await Promise.all(['system_tables', 'performance_tables', 'system_tables_data'].map((name) => systemScript(programs.share, name)))
  const child = spawn(programs.server, serverArguments(programs, [`--datadir=${data}`, '--bootstrap', '--skip-networking']), {
    stdio: ['pipe', 'ignore', 'pipe'], env: { ...env, ...programs.environment }, timeout: BOOTSTRAP_DEADLINE_MS,
  })
  const words: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  const exited = once(child, 'exit')
  child.stdin.end([
    'create database mysql;', 'use mysql;', ...tables, 'flush privileges;',
    `create user holdfast@localhost identified by '${PASSWORD}';`,
    'create database holdfast;', 'grant all on holdfast.* to holdfast@localhost;', '',
  ].join('\n'))
  // A server that ends early closes its input; its exit tells the rest.
  await finished(child.stdin).catch(() => null)
  const [code] = await exited as [number | null]
  if (code !== 0) throw new Error(`MariaDB could not make its own tables: ${Buffer.concat(words).toString().slice(-1000)}`)
}

async function systemScript(share: string, name: string): Promise<string> {
  return readFile(join(share, `mysql_${name}.sql`), 'utf8').catch(() => readFile(join(share, `mariadb_${name}.sql`), 'utf8'))
}

function connects(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await exited
  clearTimeout(timer)
}
