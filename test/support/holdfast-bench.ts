import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { type DemoRecording, playbackAddress, settledRecordings } from '../../cli/demo/demo-recording.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import type { LabHome } from '../../cli/lab/lab-home.ts'
import type { Role } from '../../core/domain/actor.ts'
import { until } from './hooks.ts'
import { HoldfastProcess, type HoldfastProcessOptions } from './holdfast-process.ts'
import type { Moment } from './moment.ts'

const ROOT = join(import.meta.dirname, '../..')
const MAIN = join(ROOT, 'cli/main.ts')
/** A command line starts in a second; a busy machine gets the rest. */
const COMMAND_DEADLINE_MS = 30_000
/** From the hang-up to the stored object it takes a second; after a kill, the lease of a job (10 s) has to end first. */
const SETTLED_WITHIN_MS = 60_000
const DOWNLOAD_DEADLINE_MS = 30_000
const SETTLED_POLL_MS = 200
/** The facts of a call reach the catalogue in milliseconds. */
const ACTIVE_WITHIN_MS = 5000
const SETTLED = new Set(['STORED', 'FAILED', 'NOT_RECORDED'])
const run = promisify(execFile)

/** Where Holdfast and its PBX are. */
export interface BenchHome extends Pick<LabHome, 'settingsFile' | 'httpPort'> {
  /** Holds everything. */
  readonly directory: string
  readonly sipAddress: string
  /** The spool's root. */
  readonly recordingDirectory: string
  readonly as?: HoldfastProcessOptions['as']
}

interface Active {
  readonly activeRecordings: readonly { readonly plainId: string; readonly caller: { readonly number: string | null } }[]
}
interface Counted {
  readonly recordings: { readonly nodes: readonly { readonly caller: { readonly number: string | null } }[] }
}
interface Controlled {
  readonly answer: { readonly results: readonly { readonly outcome: string }[] | null; readonly userErrors: readonly { readonly message: string }[] }
}

interface SettledOptions {
  readonly since?: Date
  readonly caller?: string | null
  readonly withinMs?: number
  /** The state in which each is to be; `null`: any that is settled. */
  readonly state?: string | null
}

/** Holdfast as a process of its own beside a PBX, which may be killed and started again. */
export class HoldfastBench {
  /** Where Holdfast's temporary files would go. */
  readonly temporaryDirectory: string
  readonly since = new Date()
  readonly #home: BenchHome
  #holdfast: HoldfastProcess | null = null
  #client: GraphqlClient | null = null

  protected constructor(home: BenchHome) {
    this.#home = home
    this.temporaryDirectory = join(home.directory, 'tmp')
  }

  /** Starts Holdfast for the first time, and lets an integrator in. */
  protected async open(): Promise<void> {
    await mkdir(this.temporaryDirectory, { recursive: true })
    await this.start()
    this.#client = new GraphqlClient(`${this.url}/graphql`, await this.token('integrator'))
  }

  /** Ends Holdfast, if it runs. */
  protected async close(): Promise<void> {
    await this.#holdfast?.[Symbol.asyncDispose]()
  }

  get url(): string {
    return `http://127.0.0.1:${this.#home.httpPort}`
  }

  get holdfast(): HoldfastProcess {
    if (this.#holdfast === null) throw new Error('Holdfast is not running')
    return this.#holdfast
  }

  /** The API with the rights of an integrator, whom no partition narrows. */
  get client(): GraphqlClient {
    if (this.#client === null) throw new Error('Holdfast was never started')
    return this.#client
  }

  /** Starts Holdfast and waits until it is ready: linked to the PBX. */
  async start(): Promise<void> {
    this.#holdfast = await HoldfastProcess.start(this.#process())
  }

  /** Starts it, and waits until it has died in this moment. */
  async startAndDie(moment: Moment): Promise<void> {
    await HoldfastProcess.startAndDie(this.#process(), moment)
  }

  #process(): HoldfastProcessOptions {
    return {
      settingsFile: this.#home.settingsFile, httpPort: this.#home.httpPort, logFile: join(this.#home.directory, 'holdfast.log'), environment: { TMPDIR: this.temporaryDirectory },
      ...(this.#home.as === undefined ? {} : { as: this.#home.as }),
    }
  }

  /** A token made on the command line, as an administrator makes it. */
  async token(role: Exclude<Role, 'agent'>, partitions: readonly string[] = []): Promise<string> {
    const text = await this.command('token', 'create', '--role', role, '--label', `test ${role}`, ...partitions.flatMap((partition) => ['--partition', partition]))
    return text.trim()
  }

  /** What `holdfast …` prints. Rejects when it ends with another status than 0. */
  async command(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [MAIN, ...words, '--config', this.#home.settingsFile], { timeout: COMMAND_DEADLINE_MS })
    return stdout
  }

  /** A telephone of the lab; close it before the test ends. */
  async phone(name: string, source: AudioSource): Promise<SipPhone> {
    return await SipPhone.open({ name, proxy: this.#home.sipAddress, source })
  }

  /**
   * Every recording that began since then, or those of one caller, oldest first, when so many are settled.
   * Throws when they are not in time, or more.
   */
  async settled(count: number, { since = this.since, caller = null, state: wanted = null, withinMs = SETTLED_WITHIN_MS }: SettledOptions = {}): Promise<readonly DemoRecording[]> {
    return await until(async () => {
      const all = await settledRecordings(this.client, { since, count: 0, withinMs: 0 })
      const recordings = all.filter((recording) => caller === null || recording.caller === caller)
      const told = recordings.map(({ id, caller, state, reason }) => `${id} of ${caller ?? '?'} ${state} ${reason ?? ''}`).join(', ')
      if (recordings.length !== count || recordings.some(({ state }) => !SETTLED.has(state) || (wanted !== null && state !== wanted))) throw new Error(`not ${count} settled recordings: ${told}`)
      return recordings
    }, { withinMs, everyMs: SETTLED_POLL_MS })
  }

  /** How many recordings of one caller there are by now, whatever became of them. */
  async countOf(caller: string): Promise<number> {
    const { recordings } = await this.client.request<Counted>('{ recordings(first: 100) { nodes { caller { number } } } }')
    return recordings.nodes.filter((recording) => recording.caller.number === caller).length
  }

  /** Pauses or resumes the recording of one caller over the API; gives the outcome. Waits until it is active. */
  async control(action: 'pause' | 'resume', caller: string): Promise<string> {
    const recordingId = await until(async () => await this.#activeOf(caller), { withinMs: ACTIVE_WITHIN_MS })
    const [mutation, input] = action === 'pause' ? ['recordingPause', 'RecordingPauseInput'] : ['recordingResume', 'RecordingResumeInput']
    const { answer } = await this.client.request<Controlled>(
      `mutation Control($input: ${input}!) { answer: ${mutation}(input: $input) { results { outcome } userErrors { message } } }`, { input: { recordingId } })
    return answer.results?.map(({ outcome }) => outcome).join() ?? answer.userErrors.map(({ message }) => message).join()
  }

  async #activeOf(caller: string): Promise<string> {
    const { activeRecordings } = await this.client.request<Active>('{ activeRecordings { plainId caller { number } } }')
    const active = activeRecordings.find((recording) => recording.caller.number === caller)
    if (active === undefined) throw new Error(`no recording of ${caller} is active`)
    return active.plainId
  }

  /** The samples of each channel of a stored recording, fetched as a player fetches them. */
  async channels(recordingId: string): Promise<{ readonly recorded: Int16Array; readonly other: Int16Array }> {
    const response = await fetch(await playbackAddress(this.client, this.url, recordingId), { signal: AbortSignal.timeout(DOWNLOAD_DEADLINE_MS) })
    if (!response.ok) throw new Error(`the audio of ${recordingId} is refused: ${response.status}`)
    const { channels: [recorded, other] } = parseWav(new Uint8Array(await response.arrayBuffer()))
    if (recorded === undefined || other === undefined) throw new Error(`the audio of ${recordingId} has not two channels`)
    return { recorded, other }
  }

  /** Names of the files that wait in the spool. */
  async spool(): Promise<readonly string[]> {
    return await readdir(join(this.#home.recordingDirectory, 'holdfast')).catch(() => [])
  }
}

/** Lets Holdfast find its PBX at another port. The settings name the real one once. */
export async function redirect(settingsFile: string, from: number, to: number): Promise<void> {
  const text = await readFile(settingsFile, 'utf8')
  if (text.split(`port: ${from}\n`).length !== 2) throw new Error('the settings of the lab name the port of its PBX once')
  await writeFile(settingsFile, text.replace(`port: ${from}\n`, `port: ${to}\n`))
}
