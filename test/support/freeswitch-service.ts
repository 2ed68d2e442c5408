import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Context } from 'mocha'
import { stringify } from 'yaml'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { type DemoRecording, playbackAddress, settledRecordings } from '../../cli/demo/demo-recording.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import { freePorts } from '../../cli/lab/free-ports.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { until } from './hooks.ts'
import { HoldfastProcess } from './holdfast-process.ts'
import { requireFreeSwitch } from './real-freeswitch.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const DIALPLAN = path.join(ROOT, 'dialplan/freeswitch/*.xml')
const COMMAND_DEADLINE_MS = 30_000
/** From the hang-up to the stored object it takes a second; after a kill, the lease of a job (10 s) has to end first. */
const SETTLED_WITHIN_MS = 60_000
const DOWNLOAD_DEADLINE_MS = 30_000
const SETTLED = new Set(['STORED', 'FAILED', 'NOT_RECORDED'])
const run = promisify(execFile)

export interface FreeSwitchServiceOptions {
  /** Extensions of the context in which calls begin. */
  readonly publicContext: string
  readonly phones: readonly string[]
  readonly attachedKeys: readonly string[]
}

/** A private FreeSWITCH with Holdfast's dialplan, and Holdfast as a process of its own beside it, which may be killed and started again. */
export class FreeSwitchService implements AsyncDisposable {
  readonly freeSwitch: PrivateFreeSwitch
  readonly since = new Date()
  readonly #directory: string
  readonly #httpPort: number
  #holdfast: HoldfastProcess | null = null
  #client: GraphqlClient | null = null

  private constructor(freeSwitch: PrivateFreeSwitch, directory: string, httpPort: number) {
    this.freeSwitch = freeSwitch
    this.#directory = directory
    this.#httpPort = httpPort
  }

  /** With Holdfast running and linked. Passes the suite over where there is no FreeSWITCH. */
  static async open(context: Context, { publicContext, phones, attachedKeys }: FreeSwitchServiceOptions): Promise<FreeSwitchService> {
    const installation = await requireFreeSwitch(context)
    const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-freeswitch-'))
    const freeSwitch = await PrivateFreeSwitch.start({
      installation, directory: path.join(directory, 'freeswitch'), contexts: { public: publicContext }, includeFiles: [DIALPLAN],
      phones: phones.map((name) => ({ name, context: 'public' })),
    })
    const [httpPort = 0] = (await freePorts({ tcp: 1, udp: 0 })).tcp
    const service = new FreeSwitchService(freeSwitch, directory, httpPort)
    try {
      await service.#writeSettings(attachedKeys)
      await service.start()
      service.#client = new GraphqlClient(`${service.url}/graphql`, (await service.command('token', 'create', '--role', 'integrator', '--label', 'test')).trim())
      return service
    } catch (error) {
      await service[Symbol.asyncDispose]()
      throw error
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#httpPort}`
  }

  get holdfast(): HoldfastProcess {
    if (this.#holdfast === null) throw new Error('Holdfast is not running')
    return this.#holdfast
  }

  get client(): GraphqlClient {
    if (this.#client === null) throw new Error('Holdfast was never started')
    return this.#client
  }

  async start(): Promise<void> {
    this.#holdfast = await HoldfastProcess.start({ settingsFile: this.#settingsFile, httpPort: this.#httpPort, logFile: path.join(this.#directory, 'holdfast.log') })
  }

  /** What `holdfast …` prints. */
  async command(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [path.join(ROOT, 'cli/main.ts'), ...words, '--config', this.#settingsFile], { timeout: COMMAND_DEADLINE_MS })
    return stdout
  }

  /** A telephone that has registered; close it before the test ends. */
  async phone(name: string, source: AudioSource): Promise<SipPhone> {
    const phone = await SipPhone.open({ name, proxy: this.freeSwitch.sipAddress, source })
    await phone.register()
    return phone
  }

  /** Every recording that began since then, oldest first, when so many are settled. */
  async settled(count: number, since = this.since): Promise<readonly DemoRecording[]> {
    return await until(async () => {
      const recordings = await settledRecordings(this.client, { since, count: 0, withinMs: 0 })
      const told = recordings.map(({ id, state, reason }) => `${id} ${state} ${reason ?? ''}`).join(', ')
      if (recordings.length !== count || recordings.some(({ state }) => !SETTLED.has(state))) throw new Error(`not ${count} settled recordings: ${told}`)
      return recordings
    }, { withinMs: SETTLED_WITHIN_MS })
  }

  /** Pauses or resumes the only recording that is active, over the API; gives the outcome. */
  async control(action: 'pause' | 'resume'): Promise<string> {
    const recordingId = await until(async () => {
      const { activeRecordings: [active] } = await this.client.request<{ readonly activeRecordings: readonly { readonly plainId: string }[] }>('{ activeRecordings { plainId } }')
      if (active === undefined) throw new Error('no recording is active')
      return active.plainId
    })
    const [mutation, input] = action === 'pause' ? ['recordingPause', 'RecordingPauseInput'] : ['recordingResume', 'RecordingResumeInput']
    const { answer } = await this.client.request<{ readonly answer: { readonly results: readonly { readonly outcome: string }[] | null } }>(
      `mutation Control($input: ${input}!) { answer: ${mutation}(input: $input) { results { outcome } userErrors { message } } }`, { input: { recordingId } })
    return answer.results?.map(({ outcome }) => outcome).join() ?? 'refused'
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
    return await readdir(path.join(this.freeSwitch.recordingsDirectory, 'holdfast')).catch(() => [])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holdfast?.[Symbol.asyncDispose]()
    await this.freeSwitch[Symbol.asyncDispose]()
    await rm(this.#directory, { recursive: true, force: true })
  }

  get #settingsFile(): string {
    return path.join(this.#directory, 'holdfast.yaml')
  }

  async #writeSettings(attachedKeys: readonly string[]): Promise<void> {
    const { recipient, fileText } = await newIdentity(new Date())
    const identityFile = path.join(this.#directory, 'identity.age')
    await writeFile(identityFile, fileText, { mode: 0o600 })
    await mkdir(path.join(this.freeSwitch.recordingsDirectory, 'holdfast'), { recursive: true })
    await writeFile(this.#settingsFile, stringify({
      node: { name: 'lab', number: 0 },
      dataDirectory: path.join(this.#directory, 'data'),
      pbxs: [{
        id: 'lab', type: 'freeswitch', site: 'lab',
        esl: { host: '127.0.0.1', port: this.freeSwitch.eventSocketPort, password: this.freeSwitch.password },
        spool: { type: 'directory', path: this.freeSwitch.recordingsDirectory },
      }],
      attachedData: { keys: attachedKeys },
      keys: { recipients: [recipient], identityFiles: [identityFile] },
      http: { host: '127.0.0.1', port: this.#httpPort, requestBurst: 100_000, requestsPerMinute: 1_000_000 },
      log: { level: 'info' },
    }), { mode: 0o600 })
  }
}
