import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FreeSwitchLab, type FreeSwitchLabOptions, openFreeSwitchLab } from '../../cli/lab/freeswitch-lab.ts'
import { HoldfastBench, redirect } from './holdfast-bench.ts'
import type { HoldfastProcessOptions } from './holdfast-process.ts'

export type FreeSwitchLabBenchOptions = Pick<FreeSwitchLabOptions, 'extensions' | 'contexts' | 'phones' | 'attachedKeys' | 'places' | 'settings'> & {
  readonly as?: HoldfastProcessOptions['as']
  /** Puts something between Holdfast and the event socket at this port; gives the port of that. */
  readonly between?: (eventSocketPort: number) => Promise<number>
}

/** A private FreeSWITCH, and Holdfast as a process of its own beside it, which may be killed and started again. Opened in `before`, closed in `after`. */
export class FreeSwitchLabBench extends HoldfastBench implements AsyncDisposable {
  readonly lab: FreeSwitchLab
  readonly directory: string

  private constructor(lab: FreeSwitchLab, { directory, as = 'serve' }: { readonly directory: string } & Pick<FreeSwitchLabBenchOptions, 'as'>) {
    const { freeSwitch: { sipAddress, recordingsDirectory }, settingsFile, httpPort } = lab
    super({ directory, settingsFile, httpPort, sipAddress, recordingDirectory: recordingsDirectory, as })
    this.lab = lab
    this.directory = directory
  }

  /** With Holdfast running and linked. */
  static async open(options: FreeSwitchLabBenchOptions): Promise<FreeSwitchLabBench> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-lab-'))
    const lab = await openFreeSwitchLab({ ...options, directory, report: () => undefined })
    const bench = new FreeSwitchLabBench(lab, { ...options, directory })
    try {
      if (options.between !== undefined) await redirect(lab.settingsFile, lab.freeSwitch.eventSocketPort, await options.between(lab.freeSwitch.eventSocketPort))
      await bench.open()
      return bench
    } catch (error) {
      await bench[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.lab.freeSwitch[Symbol.asyncDispose]()
    await rm(this.directory, { recursive: true, force: true })
  }
}
