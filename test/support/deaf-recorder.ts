import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FreeSwitchLabBench } from './freeswitch-lab-bench.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { LabBench } from './lab-bench.ts'

/** A dialplan that pauses by itself is told of success by nobody, or of a recorder that is none: the customer's goes on, until this is disposed of. */
export async function deafenRecorder(bench: HoldfastBench, { caller, directory }: { readonly caller: string; readonly directory: string }): Promise<AsyncDisposable> {
  if (bench instanceof LabBench) return await deafenConsole(bench, { caller, directory })
  if (bench instanceof FreeSwitchLabBench) return await misname(bench, caller)
  throw new Error('no lab of ours')
}

/** The console says yes, and stops nothing. */
async function deafenConsole({ lab: { asterisk } }: LabBench, { caller, directory }: { readonly caller: string; readonly directory: string }): Promise<AsyncDisposable> {
  const console = await consoleCommand(asterisk)
  const customers = (await channelNames(asterisk)).find((name) => name.startsWith(`PJSIP/${caller}-`)) ?? 'nobody'
  const deaf = join(directory, 'deaf-console')
  await writeFile(deaf, `#!/bin/sh\ncase "$*" in *"mixmonitor stop ${customers} "*) exit 0;; esac\nexec ${console} "$@"\n`, { mode: 0o755 })
  await asterisk.cli(`dialplan set global HOLDFAST_CLI ${deaf}`)
  return { [Symbol.asyncDispose]: async () => void await asterisk.cli(`dialplan set global HOLDFAST_CLI "${console}"`) }
}

/** The leg names a file that nobody writes: FreeSWITCH refuses to mask that. */
async function misname({ lab: { freeSwitch } }: FreeSwitchLabBench, caller: string): Promise<AsyncDisposable> {
  const line = (await freeSwitch.cli('show channels')).split('\n').find((each) => each.includes(`/${caller}@`)) ?? ''
  const leg = line.slice(0, line.indexOf(','))
  const path = (await freeSwitch.cli(`uuid_getvar ${leg} HOLDFAST_RECORDING`)).trim()
  await freeSwitch.cli(`uuid_setvar ${leg} HOLDFAST_RECORDING ${path}.none`)
  return { [Symbol.asyncDispose]: async () => void await freeSwitch.cli(`uuid_setvar ${leg} HOLDFAST_RECORDING ${path}`) }
}

/** As the dialplan calls it now. */
export async function consoleCommand(asterisk: LabBench['lab']['asterisk']): Promise<string> {
  const globals = await asterisk.cli('dialplan show globals')
  return globals.split('\n').find((line) => line.includes('HOLDFAST_CLI='))?.split('HOLDFAST_CLI=')[1]?.trim() ?? ''
}

export async function channelNames(asterisk: LabBench['lab']['asterisk']): Promise<readonly string[]> {
  return (await asterisk.cli('core show channels concise')).split('\n').map((line) => line.split('!')[0] ?? '')
}
