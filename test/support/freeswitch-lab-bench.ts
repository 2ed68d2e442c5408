import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FreeSwitchLab, type FreeSwitchLabOptions, openFreeSwitchLab } from '../../cli/lab/freeswitch-lab.ts'
import { PbxBench, type PbxBenchOptions } from './pbx-bench.ts'

export type FreeSwitchLabBenchOptions = PbxBenchOptions & Pick<FreeSwitchLabOptions, 'extensions' | 'contexts' | 'phones' | 'attachedKeys' | 'places' | 'settings'>

/** Holdfast beside a private FreeSWITCH. */
export class FreeSwitchLabBench extends PbxBench {
  readonly lab: FreeSwitchLab

  private constructor(lab: FreeSwitchLab, { directory, as = 'serve' }: { readonly directory: string } & Pick<FreeSwitchLabBenchOptions, 'as'>) {
    const { freeSwitch, settingsFile, httpPort } = lab
    super(freeSwitch, { directory, settingsFile, httpPort, recordingDirectory: freeSwitch.recordingsDirectory, as })
    this.lab = lab
  }

  /** With Holdfast running and linked. */
  static async open(options: FreeSwitchLabBenchOptions): Promise<FreeSwitchLabBench> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-lab-'))
    const lab = await openFreeSwitchLab({ ...options, directory, report: () => undefined })
    return await new FreeSwitchLabBench(lab, { ...options, directory }).begin({
      pbxPort: lab.freeSwitch.eventSocketPort,
      ...(options.between === undefined ? {} : { between: options.between }),
    })
  }
}
