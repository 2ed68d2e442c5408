import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand, type CommandLine } from '../../cli/lab/run-command.ts'

/** About 8 MB; a slow mirror gets the rest. */
const DOWNLOAD_DEADLINE_MS = 300_000
const UNPACK_DEADLINE_MS = 60_000
const ARCHIVES = join(import.meta.dirname, '../../.cache/mariadb')

/** A MariaDB that can be run: `root` is `/` or the folder into which it was unpacked. */
export interface MariadbPrograms {
  readonly root: string
  readonly server: string
  /** The server's messages and the statements that make its own tables. */
  readonly share: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The machine's MariaDB, or Debian's package, fetched once into `.cache/` and unpacked into `folder`: nothing is installed,
 * and no root is needed.
 * @throws Error when there is neither
 */
export async function mariadbPrograms(folder: string, report: (line: string) => void): Promise<MariadbPrograms> {
  const installed = await programsBelow('/')
  if (installed !== null) return installed
  if (await firstThere(['/usr/bin/apt-get']) === null || await firstThere(['/usr/bin/dpkg-deb']) === null) throw new Error('this machine has neither a MariaDB nor apt-get to fetch one with')
  const archives = await fetchedArchives(report)
  const root = join(folder, 'root')
  await mkdir(root, { recursive: true })
  for (const archive of archives) await run(['dpkg-deb', '-x', archive, root], UNPACK_DEADLINE_MS)
  const unpacked = await programsBelow(root)
  if (unpacked === null) throw new Error('the package holds no MariaDB server')
  return unpacked
}

async function programsBelow(root: string): Promise<MariadbPrograms | null> {
  const server = await firstThere([join(root, 'usr/sbin/mariadbd')])
  const script = await firstThere(['mysql', 'mariadb'].map((name) => join(root, 'usr/share', name, 'mysql_system_tables.sql')))
    ?? await firstThere(['mysql', 'mariadb'].map((name) => join(root, 'usr/share', name, 'mariadb_system_tables.sql')))
  if (server === null || script === null) return null
  const libraries = root === '/' ? [] : (await readdir(join(root, 'usr/lib'))).map((name) => join(root, 'usr/lib', name))
  return { root, server, share: join(script, '..'), environment: libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') } }
}

async function fetchedArchives(report: (line: string) => void): Promise<readonly string[]> {
  if (await firstThere([ARCHIVES]) === null) await fetch(report)
  return (await readdir(ARCHIVES)).filter((name) => name.endsWith('.deb')).map((name) => join(ARCHIVES, name))
}

/** With lists and archives of its own: apt needs no right to the machine's, and the machine's stay as they are. Source: apt.conf(5) */
async function fetch(report: (line: string) => void): Promise<void> {
  const part = `${ARCHIVES}.part-${process.pid}`
  try {
    await mkdir(join(part, 'lists/partial'), { recursive: true })
    await mkdir(join(part, 'archives/partial'), { recursive: true })
    const options: Readonly<Record<string, string>> = {
      'Dir::State::Lists': join(part, 'lists'), 'Dir::Cache': part, 'Dir::Cache::archives': join(part, 'archives'),
      'APT::Sandbox::User': '', 'APT::Install-Recommends': 'false', 'Acquire::Languages': 'none', 'Debug::NoLocking': 'true',
    }
    const configuration = join(part, 'apt.conf')
    await writeFile(configuration, Object.entries(options).map(([name, value]) => `${name} "${value}";\n`).join(''))
    report('fetching MariaDB for the tests (about 8 MB, once)')
    for (const words of [['update', '-qq'], ['install', '--download-only', '-y', '-qq', 'mariadb-server-core']]) {
      await run(['env', `APT_CONFIG=${configuration}`, 'apt-get', ...words], DOWNLOAD_DEADLINE_MS)
    }
    // Another run that was faster has fetched the same.
    await rename(join(part, 'archives'), ARCHIVES).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (await access(path).then(() => true, () => false)) return path
  }
  return null
}

async function run(command: CommandLine, timeoutMs: number): Promise<void> {
  const { succeeded, stderr } = await runCommand(command, { timeoutMs })
  if (!succeeded) throw new Error(`${command.slice(0, 4).join(' ')} failed: ${stderr.trim().slice(-500)}`)
}
