import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { runCommand, type CommandLine } from './run-command.ts'

/** An Asterisk that can be started: where its program, modules and sounds are. It is never configured or changed. */
export type AsteriskInstallation = {
  readonly origin: 'path' | 'unpacked'
  /** As `asterisk -V` says it, such as `22.10.1`; the packager's suffix is kept. */
  readonly version: string
  /** What stands before Asterisk's own arguments. */
  readonly command: CommandLine
  readonly modulesDirectory: string
  /** Holds `sounds/en`. */
  readonly dataDirectory: string
}

/** MixMonitor with synchronised files (18) and AMI events of it (18.3) are taken for granted; 20 is the oldest that we run tests on. */
export const OLDEST_MAJOR_VERSION = 20

/** `asterisk -V` prints and ends. Only a cold disk under load makes it slow, and an installation is not to be given up for that. */
const VERSION_DEADLINE_MS = 30_000

const NEEDED_MODULES = ['chan_pjsip.so', 'app_mixmonitor.so']

/** The Asterisk on the search path, or null when there is none that fits. */
export async function installedAsterisk(searchPath: readonly string[]): Promise<AsteriskInstallation | null> {
  for (const directory of [...searchPath, '/usr/sbin', '/usr/local/sbin']) {
    const program = await realpath(path.join(directory, 'asterisk')).catch(() => null)
    if (program === null) continue
    const prefix = path.dirname(path.dirname(program))
    const installation = await inspect({
      origin: 'path',
      command: [program],
      moduleParents: await moduleParents(prefix),
      dataDirectories: [path.join(prefix, 'share/asterisk'), '/var/lib/asterisk'],
    })
    if (installation !== null) return installation
  }
  return null
}

/**
 * The Asterisk in a folder into which packages were unpacked, or null when it is not complete.
 * Run by the loader of the same folder with its libraries, so it needs neither chroot nor the machine's libc.
 */
export async function unpackedAsterisk(root: string): Promise<AsteriskInstallation | null> {
  const libraries = await libraryDirectory(root)
  const loader = await dynamicLoader(root)
  if (libraries === null || loader === null) return null
  return inspect({
    origin: 'unpacked',
    command: [loader, '--library-path', libraries, '--argv0', 'asterisk', path.join(root, 'usr/sbin/asterisk')],
    moduleParents: [libraries],
    dataDirectories: [path.join(root, 'usr/share/asterisk')],
  })
}

type Candidate = {
  readonly origin: AsteriskInstallation['origin']
  readonly command: CommandLine
  readonly moduleParents: readonly string[]
  readonly dataDirectories: readonly string[]
}

async function inspect(candidate: Candidate): Promise<AsteriskInstallation | null> {
  const answer = await runCommand([...candidate.command, '-V'], { timeoutMs: VERSION_DEADLINE_MS })
  const version = /^Asterisk (?:certified\/)?(\d+\S*)/.exec(answer.stdout)?.[1]
  if (!answer.succeeded || version === undefined || Number.parseInt(version, 10) < OLDEST_MAJOR_VERSION) return null
  const modulesDirectory = await firstExisting(candidate.moduleParents.map((parent) => path.join(parent, 'asterisk/modules')), NEEDED_MODULES)
  const dataDirectory = await firstExisting(candidate.dataDirectories, ['sounds/en'])
  if (modulesDirectory === null || dataDirectory === null) return null
  return { origin: candidate.origin, version, command: candidate.command, modulesDirectory, dataDirectory }
}

async function moduleParents(prefix: string): Promise<string[]> {
  const lib = path.join(prefix, 'lib')
  const multiarch = (await readdir(lib).catch(() => [])).filter((name) => name.includes('-linux-gnu')).map((name) => path.join(lib, name))
  return [...multiarch, lib, path.join(prefix, 'lib64')]
}

async function libraryDirectory(root: string): Promise<string | null> {
  const parents = (await moduleParents(path.join(root, 'usr'))).filter((parent) => parent.includes('-linux-gnu'))
  return firstExisting(parents, ['asterisk/modules'])
}

/** `ld-linux-x86-64.so.2` in lib64, or `ld-linux-aarch64.so.1` in lib: the name belongs to the machine's architecture. */
async function dynamicLoader(root: string): Promise<string | null> {
  for (const directory of ['usr/lib64', 'usr/lib']) {
    const names = await readdir(path.join(root, directory)).catch(() => [])
    const name = names.find((candidate) => /^ld-linux.*\.so\.\d+$/.test(candidate))
    if (name !== undefined) return path.join(root, directory, name)
  }
  return null
}

async function firstExisting(directories: readonly string[], contents: readonly string[]): Promise<string | null> {
  for (const directory of directories) {
    const found = await Promise.all(contents.map((name) => stat(path.join(directory, name)).catch(() => null)))
    if (found.every((entry) => entry !== null)) return directory
  }
  return null
}
