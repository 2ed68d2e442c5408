import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What a test must give back: sockets, servers, child processes. Timers are left out: mocha keeps its own. */
const WATCHED = new Set(['TCPSocketWrap', 'TCPServerWrap', 'UDPWrap', 'PipeWrap', 'ProcessWrap', 'TLSWrap', 'MessagePort', 'Worker'])
/** Closing is not instant: the kernel and the event loop take a few turns. */
const GRACE_MS = 2000
const POLL_MS = 10

const directories: string[] = []
let before = new Map<string, number>()
let beforeAll = new Map<string, number>()

/** A folder that is removed after the test. */
export async function temporaryDirectory(prefix = 'holdfast-test-'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix))
  directories.push(directory)
  return directory
}

/**
 * Waits until `check` stops throwing, and gives its result; after the deadline its last error is thrown.
 * Use it instead of a fixed sleep.
 */
export async function until<T>(check: () => T | Promise<T>, { withinMs = 5000, everyMs = 20 } = {}): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await delay(everyMs)
    }
  }
}

/**
 * Nothing that a test opened outlives it. A suite that shares a server opens it in `before`, and closes it in `after`: a worker that runs
 * files in parallel is killed at the end, so that nobody would notice what a file has left. (Where files run one after another: all of them.)
 */
export const mochaHooks = {
  beforeAll(): void {
    beforeAll = watched()
  },
  async afterAll(): Promise<void> {
    await expectNothingLeft(beforeAll, 'the file')
  },
  beforeEach(): void {
    before = watched()
  },
  async afterEach(): Promise<void> {
    await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true, force: true })))
    await expectNothingLeft(before, 'the test')
  },
}

async function expectNothingLeft(opened: ReadonlyMap<string, number>, by: string): Promise<void> {
  await until(() => {
    const left = [...watched()].filter(([kind, count]) => count > (opened.get(kind) ?? 0))
    if (left.length > 0) throw new Error(`left open by ${by}: ${left.map(([kind, count]) => `${kind} ${opened.get(kind) ?? 0} → ${count}`).join(', ')}`)
  }, { withinMs: GRACE_MS, everyMs: POLL_MS })
}

function watched(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}
