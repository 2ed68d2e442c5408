import type { Context } from 'mocha'
import { freeSwitchPlaces } from '../../config/environment.ts'
import { AmiProxy } from './ami-proxy.ts'
import { codeLab, freeSwitchCodeLab } from './code-plan.ts'
import { EslProxy } from './esl-proxy.ts'
import { FreeSwitchLabBench, type FreeSwitchLabBenchOptions } from './freeswitch-lab-bench.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { LabBench, type LabBenchOptions } from './lab-bench.ts'
import type { MaskProxy } from './mask-proxy.ts'
import { FREESWITCH_NUMBER_PLAN, NUMBER_PLAN } from './number-plan.ts'
import { requireFreeSwitch } from './real-freeswitch.ts'

/** On which the matrix of calls, pauses and deaths is played. */
export const CALL_PBXS = ['Asterisk', 'FreeSWITCH'] as const
export type CallPbx = (typeof CALL_PBXS)[number]

export interface CallBenchOptions extends Pick<LabBenchOptions, 'as' | 'settings' | 'between'> {
  readonly attachedKeys?: readonly string[]
}

/** A lab with Holdfast beside its PBX. */
export type CallBench = HoldfastBench & AsyncDisposable & {
  readonly directory: string
  /** What the PBX still notes for a service that is away. */
  notes(): Promise<readonly string[]>
}

const OPENERS: Readonly<Record<CallPbx, (context: Context, options: CallBenchOptions) => Promise<CallBench>>> = {
  Asterisk: async (_, options) => await onAsterisk({ ...NUMBER_PLAN, ...options }),
  FreeSWITCH: async (context, options) => await onFreeSwitch(context, { ...FREESWITCH_NUMBER_PLAN, ...options }),
}
const CODE_OPENERS: Readonly<Record<CallPbx, (context: Context, directory: string) => Promise<CallBench>>> = {
  Asterisk: async (_, directory) => await onAsterisk(await codeLab(directory)),
  FreeSWITCH: async (context, directory) => await onFreeSwitch(context, await freeSwitchCodeLab(directory)),
}

/** With Holdfast running and linked. Passes the suite over where this PBX is not. */
export async function openCallBench(context: Context, pbx: CallPbx, options: CallBenchOptions = {}): Promise<CallBench> {
  return await OPENERS[pbx](context, options)
}

/** A lab in which agents have feature codes; its policy file is made in the directory. Passes the suite over where this PBX is not. */
export async function openCodeBench(context: Context, pbx: CallPbx, directory: string): Promise<CallBench> {
  return await CODE_OPENERS[pbx](context, directory)
}

/** Something that may lie between Holdfast and this PBX. */
export async function openLinkProxy(pbx: CallPbx, port: number): Promise<MaskProxy> {
  return await { Asterisk: AmiProxy, FreeSWITCH: EslProxy }[pbx].open(port)
}

async function onAsterisk(options: LabBenchOptions): Promise<CallBench> {
  const bench = await LabBench.open(options)
  return Object.assign(bench, { notes: async () => (await bench.lab.asterisk.cli('database show')).split('\n').filter((line) => line.startsWith('/holdfast')) })
}

const NOTE_REALMS = ['holdfast', 'holdfast-started', 'holdfast-pauses'] as const

async function onFreeSwitch(context: Context, options: Omit<FreeSwitchLabBenchOptions, 'places'>): Promise<CallBench> {
  await requireFreeSwitch(context)
  const bench = await FreeSwitchLabBench.open({ ...options, places: freeSwitchPlaces() })
  const dumped = async (realm: string): Promise<readonly string[]> => (await bench.lab.freeSwitch.cli(`hash_dump db ${realm}`)).split('\n').filter((line) => line.startsWith('D/'))
  return Object.assign(bench, { notes: async () => (await Promise.all(NOTE_REALMS.map(dumped))).flat() })
}
