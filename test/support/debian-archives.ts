import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand, type CommandLine } from '../../cli/lab/run-command.ts'

/** 66 MB at 2 Mbit/s, and room for a slow mirror. */
const DOWNLOAD_DEADLINE_MS = 300_000
const UNPACK_DEADLINE_MS = 60_000
const CACHE = join(import.meta.dirname, '../../.cache')

/** What is fetched once. */
export interface Wanted {
  /** The folder in `.cache/` where its packages stay. */
  readonly cache: string
  readonly packages: readonly string[]
  /** Told before the first fetch: what for, and how much. */
  readonly note: string
}

/**
 * Unpacks Debian's packages, with what this machine lacks for them, into a folder: nothing is installed, and no root is needed.
 * @throws Error when this machine has no apt-get, or its mirror has no such package
 */
export async function unpackedArchives(wanted: Wanted, root: string, report: (line: string) => void): Promise<void> {
  if (!await isThere('/usr/bin/apt-get') || !await isThere('/usr/bin/dpkg-deb')) throw new Error('this machine has no apt-get to fetch packages with')
  const archives = join(CACHE, wanted.cache)
  if (!await isThere(archives)) await fetch(wanted, archives, report)
  await mkdir(root, { recursive: true })
  for (const name of await readdir(archives)) if (name.endsWith('.deb')) await run(['dpkg-deb', '-x', join(archives, name), root], UNPACK_DEADLINE_MS)
}

/** With lists and archives of its own: apt needs no right to the machine's, and the machine's stay as they are. Source: apt.conf(5) */
async function fetch({ packages, note }: Wanted, archives: string, report: (line: string) => void): Promise<void> {
  const part = `${archives}.part-${process.pid}`
  try {
    await mkdir(join(part, 'lists/partial'), { recursive: true })
    await mkdir(join(part, 'archives/partial'), { recursive: true })
    const options: Readonly<Record<string, string>> = {
      'Dir::State::Lists': join(part, 'lists'), 'Dir::Cache': part, 'Dir::Cache::archives': join(part, 'archives'),
      'APT::Sandbox::User': '', 'APT::Install-Recommends': 'false', 'Acquire::Languages': 'none', 'Debug::NoLocking': 'true',
    }
    const configuration = join(part, 'apt.conf')
    await writeFile(configuration, Object.entries(options).map(([name, value]) => `${name} "${value}";\n`).join(''))
    report(note)
    for (const words of [['update', '-qq'], ['install', '--download-only', '-y', '-qq', ...packages]]) {
      await run(['env', `APT_CONFIG=${configuration}`, 'apt-get', ...words], DOWNLOAD_DEADLINE_MS)
    }
    // Another run that was faster has fetched the same.
    await rename(join(part, 'archives'), archives).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

export async function isThere(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

async function run(command: CommandLine, timeoutMs: number): Promise<void> {
  const { succeeded, stderr } = await runCommand(command, { timeoutMs })
  if (!succeeded) throw new Error(`${command.slice(0, 4).join(' ')} failed: ${stderr.trim().slice(-500)}`)
}
