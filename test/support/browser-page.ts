import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, getuid } from 'node:process'
import type { Context } from 'mocha'
import { collect } from './bytes.ts'
import { commandOnPath } from './commands.ts'
import { unpackedDebianPackage } from './debian-package.ts'
import { orSkip } from './or-skip.ts'

/** A browser starts in two seconds; a busy machine gets the rest. */
const ANSWER_DEADLINE_MS = 90_000
/** It ends within a second. */
const END_DEADLINE_MS = 10_000
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome'] as const
/** Without a window, without asking anybody outside, and playing before anybody has clicked. */
export const BROWSER_SWITCHES = [
  '--headless=new', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage',
  '--autoplay-policy=no-user-gesture-required',
] as const

export interface Chromium {
  readonly command: string
  /** What it needs in its environment beside ours. */
  readonly env: Readonly<Record<string, string>>
}

/** A page of a server of its own on loopback, opened in a real Chromium: `script` runs in it, and what it `tell`s is the answer. */
export class BrowserPage implements AsyncDisposable {
  readonly origin: string
  readonly #chromium: Chromium
  readonly #server: Server
  #script = ''
  #answer = Promise.withResolvers<unknown>()

  private constructor(chromium: Chromium, server: Server) {
    this.#chromium = chromium
    this.#server = server
    const { port } = server.address() as AddressInfo
    this.origin = `http://127.0.0.1:${port}`
    server.on('request', (request, response) => {
      if (request.method === 'POST') {
        collect(request).then((body) => this.#answer.resolve(JSON.parse(body.toString())), this.#answer.reject)
        response.end()
      } else {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(request.url === '/' ? pageOf(this.#script) : '')
      }
    })
  }

  /** Passes the suite over, loudly, where there is no Chromium. */
  static async open(context: Context): Promise<BrowserPage> {
    const chromium = await requireChromium(context)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new BrowserPage(chromium, server)
  }

  /** What the script gives. It is the body of an async function. @throws Error with the page's own words, or after the deadline */
  async run<T>(script: string, parse: (answer: unknown) => T): Promise<T> {
    this.#script = script
    this.#answer = Promise.withResolvers<unknown>()
    const profile = await mkdtemp(join(tmpdir(), 'holdfast-browser-'))
    // Its sandbox does not work for root, as in a container.
    const browser = spawn(this.#chromium.command, [...BROWSER_SWITCHES, ...(getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, `${this.origin}/`], { stdio: 'ignore', detached: true, env: { ...env, ...this.#chromium.env } })
    const ended = once(browser, 'exit')
    const patience = setTimeout(() => this.#answer.reject(new Error('the browser told nothing')), ANSWER_DEADLINE_MS)
    try {
      return parse(await this.#answer.promise)
    } finally {
      clearTimeout(patience)
      browser.kill('SIGTERM')
      const stuck = setTimeout(() => killGroup(browser.pid), END_DEADLINE_MS)
      await ended
      clearTimeout(stuck)
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Passes the suite over, loudly, where there is none. */
export async function requireChromium(context: Context): Promise<Chromium> {
  return await orSkip(context, `Chromium (${COMMANDS.join(', ')}) on the PATH, nor from Debian's package chromium`, findChromium)
}

/** The machine's own, or Debian's package with what it depends upon, unpacked for us. @throws Error where neither can be had */
async function findChromium(): Promise<Chromium> {
  const own = COMMANDS.map((command) => commandOnPath(command)).find((path) => path !== null)
  if (own !== undefined) return { command: own, env: {} }
  const root = await unpackedDebianPackage('chromium', (line) => console.error(`    ${line}`))
  const libraries = join(root, 'usr/lib')
  const beside = (await readdir(libraries)).filter((name) => name.endsWith('-linux-gnu')).map((name) => join(libraries, name))
  // The package's `usr/bin/chromium` is a script that knows `/usr/lib` alone.
  return { command: join(libraries, 'chromium/chromium'), env: { LD_LIBRARY_PATH: beside.join(':') } }
}

/** With its children, which are of its group. */
function killGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

function pageOf(script: string): string {
  return `<!doctype html><meta charset="utf-8"><script type="module">
const work = async () => { ${script} }
const answer = await work().catch((error) => ({ failed: String(error) }))
await fetch('/answer', { method: 'POST', body: JSON.stringify(answer) })
</script>`
}
