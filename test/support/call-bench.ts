import type { Context } from 'mocha'
import { freeSwitchPlaces } from '../../config/settings.ts'
import { AmiProxy } from './ami-proxy.ts'
import { codeLab, freeSwitchCodeLab } from './code-plan.ts'
import { EslProxy } from './esl-proxy.ts'
import { FreeSwitchLabBench } from './freeswitch-lab-bench.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { LabBench, type LabBenchOptions } from './lab-bench.ts'
import type { LinkProxy } from './link-proxy.ts'
import { FREESWITCH_NUMBER_PLAN, NUMBER_PLAN } from './number-plan.ts'
import { requireFreeSwitch } from './real-freeswitch.ts'

/** On which the matrix of calls, pauses and deaths is played. */
export const CALL_PBXS = ['Asterisk', 'FreeSWITCH'] as const
export type CallPbx = (typeof CALL_PBXS)[number]

export interface CallBenchOptions extends Pick<LabBenchOptions, 'as' | 'settings' | 'between'> {
  readonly attachedKeys?: readonly string[]
}

/** A lab with the number plan, for many calls at once. */
export type CallBench = HoldfastBench & AsyncDisposable & {
  readonly directory: string
  /** What the PBX still notes of recordings for a service that is away. */
  notes(): Promise<readonly string[]>
}

export type CodeBench = HoldfastBench & AsyncDisposable

const OPENERS: Readonly<Record<CallPbx, (context: Context, options: CallBenchOptions) => Promise<CallBench>>> = {
  Asterisk: async (_, options) => {
    const bench = await LabBench.open({ ...NUMBER_PLAN, ...options })
    return Object.assign(bench, { notes: async () => (await bench.lab.asterisk.cli('database show holdfast')).split('\n').filter((line) => line.startsWith('/')) })
  },
  FreeSWITCH: async (context, options) => {
    await requireFreeSwitch(context)
    const bench = await FreeSwitchLabBench.open({ ...FREESWITCH_NUMBER_PLAN, ...options, places: freeSwitchPlaces() })
    const realms = ['holdfast', 'holdfast-started', 'holdfast-pauses']
    const dumped = async (realm: string): Promise<readonly string[]> => (await bench.lab.freeSwitch.cli(`hash_dump db ${realm}`)).split('\n').filter((line) => line.startsWith('D/'))
    return Object.assign(bench, { notes: async () => (await Promise.all(realms.map(dumped))).flat() })
  },
}

const CODE_OPENERS: Readonly<Record<CallPbx, (context: Context, directory: string) => Promise<CodeBench>>> = {
  Asterisk: async (_, directory) => await LabBench.open(await codeLab(directory)),
  FreeSWITCH: async (context, directory) => {
    await requireFreeSwitch(context)
    return await FreeSwitchLabBench.open({ ...await freeSwitchCodeLab(directory), places: freeSwitchPlaces() })
  },
}

/** With Holdfast running and linked. Passes the suite over where this PBX is not. */
export async function openCallBench(context: Context, pbx: CallPbx, options: CallBenchOptions = {}): Promise<CallBench> {
  return await OPENERS[pbx](context, options)
}

/** A lab in which agents have feature codes; its policy file is made in the directory. Passes the suite over where this PBX is not. */
export async function openCodeBench(context: Context, pbx: CallPbx, directory: string): Promise<CodeBench> {
  return await CODE_OPENERS[pbx](context, directory)
}

/** Something that may lie between Holdfast and this PBX. */
export async function openLinkProxy(pbx: CallPbx, port: number): Promise<LinkProxy> {
  return await { Asterisk: AmiProxy, FreeSWITCH: EslProxy }[pbx].open(port)
}
