import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import { runCommand, type CommandLine } from './run-command.ts'

/** Asterisk boots in 0.6 s, FreeSWITCH in 2.7 s (measured, 2 cores); the rest is for a machine that runs a whole test suite beside it. */
const BOOT_DEADLINE_MS = 30_000
/** A try costs one short process. */
const BOOT_POLL_MS = 50
/** Calls are ended and modules unloaded in a second or two; then it is ended by force. */
const END_DEADLINE_MS = 5_000
/** `true` ends at once, except under full load. */
const PROBE_DEADLINE_MS = 10_000
const LOG_LINES_IN_ERRORS = 20

/** A switch that can be started, watched while it boots, and found again by a later process. */
export interface PbxProgram {
  /** As the reader knows it, such as `Asterisk`. */
  readonly name: string
  /** Runs in the foreground. */
  readonly command: CommandLine
  /** A part of the command line that no other laboratory's switch has. */
  readonly mark: string
  readonly ownerFile: string
  /** Gets what the program prints. */
  readonly consoleFile: string
  /** Whose last lines explain a failed start. */
  readonly logFiles: readonly string[]
  readonly hasBooted: () => Promise<boolean>
  /** Takes away what may outlive the command, such as a container; `null`: nothing does. Harmless when there is nothing. */
  readonly remove: (() => Promise<void>) | null
}

/** The operating-system process of one switch: start and end. */
export abstract class PbxProcess {
  readonly #program: PbxProgram
  #child: ChildProcess | null = null

  constructor(program: PbxProgram) {
    this.#program = program
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** What a command of the switch's console prints. */
  abstract cli(command: string): Promise<string>

  /** @throws HoldfastError `LAB_FAILED` */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.#child !== null) throw new HoldfastError('LAB_FAILED', `this ${this.#program.name} is already running`)
    const console = await open(this.#program.consoleFile, 'a')
    const [program, ...args] = [...(await endsWithUs()), ...this.#program.command]
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
      throw new HoldfastError('LAB_FAILED', `${this.#program.name} cannot be started: ${String(cause)}`, {}, { cause })
    } finally {
      await console.close()
    }
    await this.#rememberOwner()
    await this.#waitForBoot(child, signal)
  }

  /** Sends the signal and waits for the end; after the deadline ends it by force. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === null) return
    const exited = once(child, 'exit')
    // What stands for it would be killed, and it would live on.
    if (signal === 'SIGKILL') await this.#program.remove?.()
    child.kill(signal)
    const forced = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS)
    await exited
    clearTimeout(forced)
    this.#child = null
    await this.#program.remove?.()
    await rm(this.#program.ownerFile, { force: true })
  }

  /** Ends the switch that an earlier process left behind in this directory. An owner that still lives is not disturbed. */
  async endAbandoned(): Promise<void> {
    const owner = await readOwner(this.#program.ownerFile)
    if (owner === null) return
    const commandLine = await commandLineOf(owner.pbxPid)
    if (commandLine?.includes(this.#program.mark)) {
      if ((await commandLineOf(owner.ownerPid)) === owner.ownerCommandLine) {
        throw new HoldfastError('LAB_FAILED', `process ${owner.ownerPid} is already running ${this.#program.name} in this directory`)
      }
      process.kill(owner.pbxPid, 'SIGKILL')
      await waitForEnd(owner.pbxPid)
    }
    await this.#program.remove?.()
    await rm(this.#program.ownerFile, { force: true })
  }

  async #waitForBoot(child: ChildProcess, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + BOOT_DEADLINE_MS
    while (Date.now() < deadline) {
      signal?.throwIfAborted()
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new HoldfastError('LAB_FAILED', `${this.#program.name} ended while it booted (${child.exitCode ?? child.signalCode}):\n${await this.#lastLogLines()}`)
      }
      if (await this.#program.hasBooted()) return
      await delay(BOOT_POLL_MS)
    }
    throw new HoldfastError('LAB_FAILED', `${this.#program.name} did not boot within ${BOOT_DEADLINE_MS} ms:\n${await this.#lastLogLines()}`)
  }

  async #lastLogLines(): Promise<string> {
    const texts = await Promise.all([...this.#program.logFiles, this.#program.consoleFile].map((file) => readFile(file, 'utf8').catch(() => '')))
    return texts.flatMap((text) => text.trim().split('\n').slice(-LOG_LINES_IN_ERRORS)).join('\n')
  }

  async #rememberOwner(): Promise<void> {
    const owner: Owner = { ownerPid: process.pid, ownerCommandLine: (await commandLineOf(process.pid)) ?? '', pbxPid: this.pid ?? 0 }
    await writeFile(this.#program.ownerFile, JSON.stringify(owner))
  }
}

/** A prefix that makes the kernel end the switch when we die without ending it; empty where there is none. Source: setpriv(1), `--pdeathsig` */
async function endsWithUs(): Promise<readonly string[]> {
  const prefix = ['setpriv', '--pdeathsig', 'TERM'] as const
  const probe = await runCommand([...prefix, 'true'], { timeoutMs: PROBE_DEADLINE_MS })
  return probe.succeeded ? prefix : []
}

/** Command lines stand beside process ids, because an id is given out again. */
type Owner = { readonly ownerPid: number; readonly ownerCommandLine: string; readonly pbxPid: number }

async function readOwner(file: string): Promise<Owner | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return isOwner(value) ? value : null
  } catch {
    // Cut off by a crash while it was written: the switch had not been started long enough to matter.
    return null
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' && value !== null && 'ownerPid' in value && typeof value.ownerPid === 'number' &&
    'pbxPid' in value && typeof value.pbxPid === 'number' && 'ownerCommandLine' in value && typeof value.ownerCommandLine === 'string'
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
