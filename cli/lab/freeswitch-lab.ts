import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tone } from '../../adapters/phone/audio-source.ts'
import { formatWav } from '../../adapters/phone/wav-file.ts'
import { SPOOL_FOLDER } from '../../adapters/wire/spool-file-name.ts'
import type { FreeSwitchPlaces } from '../../config/environment.ts'
import { needFreeSwitch } from './freeswitch-installation.ts'
import { furnish, type LabHome } from './lab-home.ts'
import { PrivateFreeSwitch } from './private-freeswitch.ts'

/** What an administrator puts beside her own contexts. */
export const HOLDFAST_DIALPLAN = join(import.meta.dirname, '../../dialplan/freeswitch/*.xml')
/** The global variable that holds the path of something to announce. */
export const PROMPT_VARIABLE = 'lab_prompt'
const PROMPT_HZ = 880
const PROMPT_SAMPLES = 4_000
const SAMPLE_RATE_HZ = 8_000

export interface FreeSwitchLabOptions {
  /** Holds everything: keys, settings, data, the PBX's folders. */
  readonly directory: string
  readonly places: FreeSwitchPlaces
  /** Extensions of the context in which calls begin. */
  readonly extensions: string
  /** More contexts, each by its name. */
  readonly contexts?: Readonly<Record<string, string>>
  readonly phones: readonly string[]
  readonly attachedKeys: readonly string[]
  readonly report: (line: string) => void
  /** More settings, as in the file. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** A private FreeSWITCH with Holdfast's dialplan in it, and the settings of a Holdfast beside it. */
export interface FreeSwitchLab extends LabHome {
  readonly freeSwitch: PrivateFreeSwitch
}

/** @throws HoldfastError `LAB_UNAVAILABLE`, `LAB_FAILED` */
export async function openFreeSwitchLab({ directory, places, extensions, contexts = {}, phones, attachedKeys, report, settings = {} }: FreeSwitchLabOptions): Promise<FreeSwitchLab> {
  const installation = await needFreeSwitch(places)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  report(`starting FreeSWITCH ${installation.version}`)
  const pbxDirectory = join(directory, 'freeswitch')
  await mkdir(pbxDirectory, { recursive: true, mode: 0o700 })
  const prompt = join(pbxDirectory, 'prompt.wav')
  await writeFile(prompt, promptWav())
  const freeSwitch = await PrivateFreeSwitch.start({
    installation, directory: pbxDirectory, contexts: { ...contexts, public: extensions }, includeFiles: [HOLDFAST_DIALPLAN], globals: { [PROMPT_VARIABLE]: prompt },
    phones: phones.map((name) => ({ name, context: 'public' })),
  })
  await mkdir(join(freeSwitch.recordingsDirectory, SPOOL_FOLDER), { recursive: true, mode: 0o700 })
  const home = await furnish({
    directory, attachedKeys, more: settings,
    pbx: {
      type: 'freeswitch',
      esl: { host: '127.0.0.1', port: freeSwitch.eventSocketPort, password: freeSwitch.password },
      spool: { type: 'directory', path: freeSwitch.recordingsDirectory },
    },
  })
  return { ...home, freeSwitch }
}

/** Half a second of a tone: no sounds come with FreeSWITCH. */
function promptWav(): Uint8Array {
  return formatWav({ sampleRateHz: SAMPLE_RATE_HZ, channels: [tone(PROMPT_HZ).read(0, PROMPT_SAMPLES)] })
}
