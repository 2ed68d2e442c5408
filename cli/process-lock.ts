import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { HoldfastError } from '../core/domain/errors.ts'

/**
 * A file that is held by one process of this machine at a time; one that its holder left behind, killed, is taken over.
 * Not for folders that two machines or containers share: the processes of another are not seen from here.
 */
export class ProcessLock implements AsyncDisposable {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  /** @throws whatever `refusal` gives, while the process of this number holds it */
  static async take(file: string, refusal: (pid: number) => HoldfastError): Promise<ProcessLock> {
    const own = `${file}.${randomUUID()}`
    await writeFile(own, JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) } satisfies Holder), { flag: 'wx', mode: 0o600 })
    try {
      for (;;) {
        // A link appears with its content, or not at all: nobody ever reads half a lock.
        if (await linked(own, file)) return new ProcessLock(file)
        await clearAbandoned(file, refusal)
      }
    } finally {
      await rm(own, { force: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#file, { force: true })
  }
}

const holderSchema = z.object({ pid: z.int().positive(), startedAt: z.string().nullable() })
type Holder = z.infer<typeof holderSchema>

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function clearAbandoned(file: string, refusal: (pid: number) => HoldfastError): Promise<void> {
  const holder = await holderOf(file)
  if (holder !== null && await isAlive(holder)) throw refusal(holder.pid)
  // Moved aside and looked at again: somebody who was quicker may hold a new one by now, and gets it back.
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const moved = await holderOf(aside)
  if (moved !== null && await isAlive(moved)) await linked(aside, file)
  await rm(aside, { force: true })
}

/** `null`: gone meanwhile, or not written by us. */
async function holderOf(file: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Numbers of processes are used again, also by ourselves after a restart of the machine: the time of the start tells them apart. */
async function isAlive({ pid, startedAt }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    // No such process, or another user's: who may not write here holds nothing here.
    return false
  }
  return startedAt === null || startedAt === await startOf(pid)
}

/**
 * When a process started, in ticks since the machine did; `null` where the system does not tell.
 * Source: proc(5), /proc/<pid>/stat, field 22; field 2 is a name in parentheses, which may hold any character.
 */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
