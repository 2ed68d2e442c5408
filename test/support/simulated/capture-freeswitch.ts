import { mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { EslConnection, type EslEndpoint } from '../../../adapters/freeswitch/esl-connection.ts'
import { dumpedChannel, type EslMessage } from '../../../adapters/freeswitch/esl-message.ts'
import { API_EVENT } from '../../../adapters/freeswitch/esl-subscription.ts'
import { SUBSCRIPTION } from '../../../adapters/freeswitch/event-reader.ts'
import { findFreeSwitch } from '../../../cli/lab/freeswitch-installation.ts'
import { freeSwitchPlaces } from '../../../config/environment.ts'
import { RealFreeSwitchSubject } from '../pbx/real-freeswitch-subject.ts'
import { captureScenes, type SceneTape } from './capture-scenes.ts'
import { changesOnly, type Headers } from './leg-changes.ts'

/**
 * Captures the scenes that a simulated FreeSWITCH plays, from a real one: `node test/support/simulated/capture-freeswitch.ts`.
 * What commands of a service cause is left out: whoever plays the scene answers them itself.
 */
const FOLDER = join(import.meta.dirname, '../../fixtures/freeswitch/scenes')
const DIRECTORY = '/var/lib/freeswitch/recordings'

/** One session on the event socket, kept in parts. */
class Tape implements SceneTape {
  readonly #connection: EslConnection
  readonly #heard: Headers[]
  readonly #places: readonly (readonly [string, string])[]
  readonly #parts: { readonly name: string; readonly messages: readonly Headers[] }[] = []

  private constructor(connection: EslConnection, heard: Headers[], recordings: string) {
    this.#connection = connection
    this.#heard = heard
    // Where the laboratory lies is nobody's business.
    this.#places = [[recordings, DIRECTORY], [encodeURIComponent(recordings), encodeURIComponent(DIRECTORY)], [join(recordings, '..'), '/var/lib/freeswitch'], [hostname(), 'pbx']]
  }

  static async open(endpoint: EslEndpoint, recordings: string): Promise<Tape> {
    const heard: Headers[] = []
    const connection = await EslConnection.open(endpoint, { event: (message) => void heard.push(headersOf(message)), fault: (error) => console.error(error) })
    await connection.command(`event json ${[...SUBSCRIPTION.events, API_EVENT, 'CUSTOM', ...SUBSCRIPTION.subclasses].join(' ')}`)
    return new Tape(connection, heard, recordings)
  }

  /** Ends a part behind the last message that came, and with each leg as it is then; or behind the first event of this subclass. */
  async part(name: string, until: string | null = null): Promise<void> {
    const end = until === null ? this.#heard.length : this.#heard.findIndex((message) => message['Event-Subclass'] === until) + 1
    const messages = this.#heard.splice(0, end).filter((message) => !isCausedByCommands(message))
    this.#parts.push({ name, messages: until === null ? [...messages, ...await this.#legs()] : messages })
  }

  async save(name: string): Promise<void> {
    const changes = changesOnly()
    const text = this.#parts.splice(0).map(({ name: part, messages }) => [`# ${part}`, messages.map((message) => JSON.stringify(changes(message))).join('\n===\n')].join('\n')).join('\n===\n')
    this.#heard.splice(0)
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, `${name}.txt`), `${this.#places.reduce((told, [own, other]) => told.replaceAll(own, other), text)}\n`)
  }

  close(): void {
    this.#connection.close('captured')
  }

  async #legs(): Promise<readonly Headers[]> {
    const ids = [...(await this.#connection.api('show channels as json')).matchAll(/"uuid":"([^"]+)"/g)].map(([, id = '']) => id)
    const dumps: (EslMessage | null)[] = []
    for (const id of ids.toSorted()) dumps.push(dumpedChannel(await this.#connection.api(`uuid_dump ${id} json`)))
    return dumps.flatMap((dump) => (dump === null ? [] : [{ ...headersOf(dump), 'Event-Name': 'CHANNEL_DATA' }]))
  }
}

function headersOf(message: EslMessage): Headers {
  return Object.fromEntries(message.entries())
}

/** A simulated FreeSWITCH tells of recorders and commands itself, but not of what a dialplan records, or what a test attaches. */
function isCausedByCommands(message: Headers): boolean {
  const name = String(message['Event-Name'])
  if (name === 'RECORD_START') return !String(message['Record-File-Path']).includes('/native-')
  if (name !== 'API') return name === 'RECORD_STOP'
  return !String(message['API-Command']).startsWith('uuid_setvar') || /HOLDFAST_|api_on_answer|sip_h_/.test(String(message['API-Command-Argument']))
}

const installation = await findFreeSwitch(freeSwitchPlaces())
if (installation === null) throw new Error('there is no FreeSWITCH: HOLDFAST_FREESWITCH names one')
await using subject = await RealFreeSwitchSubject.open(installation)
const tape = await Tape.open(subject.eventSocket, subject.recordingsDirectory)
await captureScenes({ subject, tape, request: 'holdfast::record', code: 'holdfast::code' })
