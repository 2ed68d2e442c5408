import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandLine, runCommand } from '../../cli/lab/run-command.ts'

/** A few megabytes over a slow mirror, after its lists. */
const DOWNLOAD_DEADLINE_MS = 300_000
const UNPACK_DEADLINE_MS = 60_000
const CACHE = join(import.meta.dirname, '../../.cache/debian')

/**
 * A Debian package of the machine's own release, fetched once into `.cache/` and unpacked there with what it depends upon:
 * nothing is installed, and no root is needed.
 * @returns the folder that stands for `/`
 * @throws Error where there is no apt, or it cannot fetch
 */
export async function unpackedDebianPackage(name: string, report: (line: string) => void): Promise<string> {
  const root = join(CACHE, name)
  if (await isThere(root)) return root
  const part = `${root}.part-${process.pid}`
  try {
    report(`fetching the Debian package ${name} for the tests, once`)
    const archives = await fetchArchives(name, part)
    for (const archive of archives) await run(['dpkg-deb', '-x', archive, join(part, 'root')], UNPACK_DEADLINE_MS)
    // Another run that was faster has unpacked the same.
    await rename(join(part, 'root'), root).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
    return root
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** With lists and archives of its own: apt needs no right to the machine's, and the machine's stay as they are. Source: apt.conf(5) */
async function fetchArchives(name: string, folder: string): Promise<readonly string[]> {
  const archives = join(folder, 'archives')
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(archives, 'partial'), { recursive: true })
  const options: Readonly<Record<string, string>> = {
    'Dir::State::Lists': join(folder, 'lists'), 'Dir::Cache': folder, 'Dir::Cache::archives': archives,
    'APT::Sandbox::User': '', 'APT::Install-Recommends': 'false', 'Acquire::Languages': 'none', 'Debug::NoLocking': 'true',
  }
  const configuration = join(folder, 'apt.conf')
  await writeFile(configuration, Object.entries(options).map(([key, value]) => `${key} "${value}";\n`).join(''))
  // `--reinstall`: also where it is installed, but not on the PATH.
  for (const words of [['update', '-qq'], ['install', '--download-only', '--reinstall', '-y', '-qq', name]]) {
    await run(['env', `APT_CONFIG=${configuration}`, 'apt-get', ...words], DOWNLOAD_DEADLINE_MS)
  }
  return (await readdir(archives)).filter((file) => file.endsWith('.deb')).map((file) => join(archives, file))
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false)
}

async function run(command: CommandLine, timeoutMs: number): Promise<void> {
  const { succeeded, stderr } = await runCommand(command, { timeoutMs })
  if (!succeeded) throw new Error(`${command.slice(0, 4).join(' ')} failed: ${stderr.trim().slice(-500)}`)
}
