import { delimiter } from 'node:path'
import type { FreeSwitchPlaces } from '../../config/environment.ts'
import type { PbxSettings } from '../../config/settings.ts'
import { openFreeSwitchLab } from '../lab/freeswitch-lab.ts'
import { openLab } from '../lab/holdfast-lab.ts'
import { DEMO_ATTACHED_KEYS, DEMO_EXTENSIONS, DEMO_FREESWITCH_EXTENSIONS, DEMO_PHONES } from './demo-dialplan.ts'

export type DemoPbxType = PbxSettings['type']
export const DEMO_PBXS = ['asterisk', 'freeswitch'] as const satisfies readonly DemoPbxType[]

/** A PBX that runs for a demonstration, and the settings of a Holdfast beside it. */
export interface DemoPbx extends AsyncDisposable {
  /** The address at which telephones find it. */
  readonly sipAddress: string
  readonly settingsFile: string
}

export interface DemoPbxOptions {
  readonly directory: string
  readonly cacheDir: string
  readonly places: FreeSwitchPlaces
  readonly report: (line: string) => void
}

/** Each kind of PBX with the same routes. @throws HoldfastError `LAB_UNAVAILABLE`, `LAB_FAILED` */
export const openDemoPbx: Readonly<Record<DemoPbxType, (options: DemoPbxOptions) => Promise<DemoPbx>>> = {
  async asterisk({ directory, cacheDir, places, report }) {
    const phones = [...DEMO_PHONES.customers.map((name) => ({ name, context: 'from-customer' })), ...DEMO_PHONES.agents.map((name) => ({ name, context: 'from-agent' }))]
    const { asterisk, settingsFile } = await openLab({ directory, cacheDir, searchPath: places.searchPath.join(delimiter), report, extensions: DEMO_EXTENSIONS, phones, attachedKeys: DEMO_ATTACHED_KEYS })
    return { sipAddress: asterisk.sipAddress, settingsFile, [Symbol.asyncDispose]: () => asterisk[Symbol.asyncDispose]() }
  },
  async freeswitch({ directory, places, report }) {
    const phones = [...DEMO_PHONES.customers, ...DEMO_PHONES.agents]
    const { freeSwitch, settingsFile } = await openFreeSwitchLab({ directory, places, report, extensions: DEMO_FREESWITCH_EXTENSIONS, phones, attachedKeys: DEMO_ATTACHED_KEYS })
    return { sipAddress: freeSwitch.sipAddress, settingsFile, [Symbol.asyncDispose]: () => freeSwitch[Symbol.asyncDispose]() }
  },
}
