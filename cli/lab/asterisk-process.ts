import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AsteriskDirectories } from './asterisk-files.ts'
import { runCommand, type CommandLine } from './run-command.ts'

/** Boots in 0.6 s (measured, 2 cores); the rest is for a machine that runs a whole test suite beside it. */
const BOOT_DEADLINE_MS = 30_000
/** Asterisk makes its control socket early in the boot; a try costs one short process. */
const BOOT_POLL_MS = 50
/** Asterisk ends calls and unloads modules in well under a second; then it is ended by force. */
const END_DEADLINE_MS = 5_000
/** Console commands answer at once, except under full load. */
const CLI_DEADLINE_MS = 10_000
const LOG_LINES_IN_ERRORS = 20

/** The operating-system process of one Asterisk: start, console, end. */
export class AsteriskProcess {
  readonly #command: CommandLine
  readonly #directories: AsteriskDirectories
  #child: ChildProcess | null = null

  constructor(command: CommandLine, directories: AsteriskDirectories) {
    this.#command = [...command, '-C', path.join(directories.etc, 'asterisk.conf')]
    this.#directories = directories
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** @throws HoldfastError `LAB_FAILED` */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#child !== null) throw new HoldfastError('LAB_FAILED', 'this Asterisk is already running')
    const console = await open(path.join(this.#directories.log, 'console.log'), 'a')
    const [program, ...args] = [...(await endsWithUs()), ...this.#command, '-f', '-n']
    // A process group of its own: Ctrl-C in a terminal reaches us alone, and we end it in order.
    const child = spawn(program ?? '', args, { stdio: ['ignore', console.fd, console.fd], detached: true })
    this.#child = child
    child.once('exit', () => {
      if (this.#child === child) this.#child = null
    })
    try {
      // Nothing else is awaited before: the event comes once.
      await once(child, 'spawn')
    } catch (cause) {
      this.#child = null
      throw new HoldfastError('LAB_FAILED', `Asterisk cannot be started: ${String(cause)}`, {}, { cause })
    } finally {
      await console.close()
    }
    await this.#rememberOwner()
    await this.#waitForBoot(child, signal)
  }

  async cli(command: string): Promise<string> {
    const result = await runCommand([...this.#command, '-rx', command], { timeoutMs: CLI_DEADLINE_MS })
    if (!result.succeeded) throw new HoldfastError('LAB_FAILED', `the Asterisk console does not answer: ${result.stderr.trim()}`)
    return result.stdout
  }

  /** Sends the signal and waits for the end; after the deadline ends it by force. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    const forced = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS)
    await exited
    clearTimeout(forced)
    this.#child = null
    await rm(this.#ownerFile(), { force: true })
  }

  /** Ends the Asterisk that an earlier process left behind in this directory. An owner that still lives is not disturbed. */
  async endAbandoned(): Promise<void> {
    const owner = await readOwner(this.#ownerFile())
    if (owner === null) return
    const commandLine = await commandLineOf(owner.asteriskPid)
    if (commandLine?.includes(path.join(this.#directories.etc, 'asterisk.conf'))) {
      if ((await commandLineOf(owner.ownerPid)) === owner.ownerCommandLine) {
        throw new HoldfastError('LAB_FAILED', `process ${owner.ownerPid} is already running an Asterisk in this directory`)
      }
      process.kill(owner.asteriskPid, 'SIGKILL')
      await waitForEnd(owner.asteriskPid)
    }
    await rm(this.#ownerFile(), { force: true })
  }

  /** The directory of sockets may be outside the laboratory's own (long names): nobody else removes it. */
  removeRunDirectory(): Promise<void> {
    return rm(this.#directories.run, { recursive: true, force: true })
  }

  async #waitForBoot(child: ChildProcess, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + BOOT_DEADLINE_MS
    while (Date.now() < deadline) {
      signal?.throwIfAborted()
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new HoldfastError('LAB_FAILED', `Asterisk ended while it booted (${child.exitCode ?? child.signalCode}):\n${await this.#lastLogLines()}`)
      }
      const booted = await runCommand([...this.#command, '-rx', 'core waitfullybooted'], { timeoutMs: CLI_DEADLINE_MS })
      if (booted.succeeded && booted.stdout.includes('fully booted')) return
      await delay(BOOT_POLL_MS)
    }
    throw new HoldfastError('LAB_FAILED', `Asterisk did not boot within ${BOOT_DEADLINE_MS} ms:\n${await this.#lastLogLines()}`)
  }

  async #lastLogLines(): Promise<string> {
    const names = ['messages.log', 'console.log']
    const texts = await Promise.all(names.map((name) => readFile(path.join(this.#directories.log, name), 'utf8').catch(() => '')))
    return texts.flatMap((text) => text.trim().split('\n').slice(-LOG_LINES_IN_ERRORS)).join('\n')
  }

  #ownerFile(): string {
    return path.join(path.dirname(this.#directories.etc), 'owner.json')
  }

  async #rememberOwner(): Promise<void> {
    const owner: Owner = { ownerPid: process.pid, ownerCommandLine: (await commandLineOf(process.pid)) ?? '', asteriskPid: this.pid ?? 0 }
    await writeFile(this.#ownerFile(), JSON.stringify(owner))
  }
}

/** A prefix that makes the kernel end Asterisk when we die without ending it; empty where there is none. Source: setpriv(1), `--pdeathsig` */
async function endsWithUs(): Promise<readonly string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'TERM'] as const
  const probe = await runCommand([...prefix, 'true'], { timeoutMs: CLI_DEADLINE_MS })
  return probe.succeeded ? prefix : []
}

/** Command lines stand beside process ids, because an id is given out again. */
type Owner = { readonly ownerPid: number; readonly ownerCommandLine: string; readonly asteriskPid: number }

async function readOwner(file: string): Promise<Owner | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isOwner(value) ? value : null
  } catch {
    // Cut off by a crash while it was written: Asterisk had not been started long enough to matter.
    return null
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' && value !== null && 'ownerPid' in value && typeof value.ownerPid === 'number' &&
    'asteriskPid' in value && typeof value.asteriskPid === 'number' && 'ownerCommandLine' in value && typeof value.ownerCommandLine === 'string'
  )
}

/** Null when there is no such process. Source: proc_pid_cmdline(5) */
async function commandLineOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  return text === null || text === '' ? null : text.replaceAll('\0', ' ')
}

async function waitForEnd(pid: number): Promise<void> {
  const deadline = Date.now() + END_DEADLINE_MS
  while ((await commandLineOf(pid)) !== null && Date.now() < deadline) await delay(BOOT_POLL_MS)
}
