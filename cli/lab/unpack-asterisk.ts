import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { debianMirror, type AptSourcesFile } from './debian-mirror.ts'
import { runCommand, type CommandLine } from './run-command.ts'

export type UnpackRequest = {
  /** The folder that will hold `usr/sbin/asterisk`; it appears only when it is complete. */
  readonly target: string
  /** Told once for each step. */
  readonly report: (line: string) => void
  readonly signal?: AbortSignal
}

/** The Debian release whose Asterisk was studied: 22.10.1. */
const SUITE = 'forky'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Between the target's name and the process that is unpacking. */
const PART = '.part-'

/** About 90 MB: two minutes at 6 Mbit/s, and room for a slow mirror. */
const DOWNLOAD_DEADLINE_MS = 600_000
/** One package; the largest takes 0.4 s. */
const UNPACK_DEADLINE_MS = 60_000

/** A third of the unpacked size, and nothing of it is opened by a running Asterisk. */
const DISPENSABLE = ['etc', 'var', 'usr/bin', 'usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/perl', 'usr/share/perl5']

/**
 * Fetches Debian's Asterisk with everything that it needs and unpacks it into a folder, without installing anything:
 * apt gets a state of its own in which no package is installed, so it fetches the whole closure, and `dpkg-deb -x`
 * unpacks it without running a script. No root is needed.
 * @throws HoldfastError `LAB_UNAVAILABLE`
 * Source: apt.conf(5), `Dir::State::Status`; dpkg-deb(1); seen to work as root and as `nobody` on Debian 12, 9 s
 */
export async function unpackAsterisk(request: UnpackRequest): Promise<void> {
  await removeAbandonedParts(request.target)
  const part = await mkdtemp(`${request.target}${PART}${process.pid}-`)
  try {
    await mkdir(path.join(part, 'root'))
    const apt = await preparePrivateApt(path.join(part, 'apt'))
    request.report(`reading the package list of Debian ${SUITE} from ${apt.mirror}`)
    await run(['apt-get', 'update', '-qq'], DOWNLOAD_DEADLINE_MS, { apt, request })
    request.report('fetching Asterisk and the libraries that it needs (about 80 MB)')
    await run(['apt-get', 'install', '--download-only', '-y', '-qq', 'asterisk'], DOWNLOAD_DEADLINE_MS, { apt, request })
    request.report('unpacking')
    await unpackArchives(apt, path.join(part, 'root'), request)
    await finishRoot(path.join(part, 'root'))
    await moveIntoPlace(path.join(part, 'root'), request.target)
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

type PrivateApt = { readonly configurationFile: string; readonly archives: string; readonly mirror: string }
type Step = { readonly apt: PrivateApt; readonly request: UnpackRequest }

async function preparePrivateApt(directory: string): Promise<PrivateApt> {
  const mirror = debianMirror(await machineSources())
  const archives = path.join(directory, 'cache/archives')
  await mkdir(path.join(directory, 'lists/partial'), { recursive: true })
  await mkdir(path.join(archives, 'partial'), { recursive: true })
  await writeFile(path.join(directory, 'status'), '')
  await writeFile(path.join(directory, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${SUITE} main\n`)
  const configurationFile = path.join(directory, 'apt.conf')
  await writeFile(configurationFile, aptConfiguration(directory))
  return { configurationFile, archives, mirror }
}

/** The machine's own apt.conf (proxies, certificates) stays in force; this text is read after it. Source: apt.conf(5) */
export function aptConfiguration(directory: string): string {
  const options: Readonly<Record<string, string>> = {
    'Dir::Etc::SourceList': path.join(directory, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': path.join(directory, 'lists'),
    'Dir::State::Status': path.join(directory, 'status'),
    'Dir::Cache': path.join(directory, 'cache'),
    // The user _apt may not write below a home directory.
    'APT::Sandbox::User': '',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    // A mirror that is a snapshot is past this date; its signature is checked all the same.
    'Acquire::Check-Valid-Until': 'false',
    // A mirror that is just being renewed gives a list and its checksum that do not fit.
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  }
  return Object.entries(options)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('')
}

async function machineSources(): Promise<AptSourcesFile[]> {
  const parts = (await readdir('/etc/apt/sources.list.d').catch(() => [])).filter((name) => /\.(list|sources)$/.test(name))
  const files = [...parts.toSorted().map((name) => path.join('/etc/apt/sources.list.d', name)), '/etc/apt/sources.list']
  return Promise.all(files.map(async (name) => ({ name, text: await readFile(name, 'utf8').catch(() => '') })))
}

async function unpackArchives(apt: PrivateApt, root: string, request: UnpackRequest): Promise<void> {
  const archives = (await readdir(apt.archives)).filter((name) => name.endsWith('.deb'))
  for (const archive of archives) {
    await run(['dpkg-deb', '-x', path.join(apt.archives, archive), root], UNPACK_DEADLINE_MS, { apt, request })
  }
}

async function finishRoot(root: string): Promise<void> {
  await Promise.all(DISPENSABLE.map((name) => rm(path.join(root, name), { recursive: true, force: true })))
  // Made by the package's installation script, which did not run. Without it no built-in prompt is found,
  // and an attended transfer by feature code is given up.
  await symlink('en_US_f_Allison', path.join(root, 'usr/share/asterisk/sounds/en'))
}

async function moveIntoPlace(root: string, target: string): Promise<void> {
  await rename(root, target).catch(async (error: NodeJS.ErrnoException) => {
    // Another process was faster; what it unpacked is the same.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
}

async function removeAbandonedParts(target: string): Promise<void> {
  const prefix = `${path.basename(target)}${PART}`
  const parts = (await readdir(path.dirname(target)).catch(() => [])).filter((name) => name.startsWith(prefix))
  const abandoned = parts.filter((name) => !isRunning(Number.parseInt(name.slice(prefix.length), 10)))
  await Promise.all(abandoned.map((name) => rm(path.join(path.dirname(target), name), { recursive: true, force: true })))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function run(command: CommandLine, timeoutMs: number, { apt, request }: Step): Promise<void> {
  const result = await runCommand(['env', `APT_CONFIG=${apt.configurationFile}`, 'LC_ALL=C', ...command], {
    timeoutMs,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  request.signal?.throwIfAborted()
  if (!result.succeeded) {
    throw new HoldfastError('LAB_UNAVAILABLE', `${command.slice(0, 2).join(' ')} failed: ${result.stderr.trim().slice(-1000)}`, { mirror: apt.mirror })
  }
}
