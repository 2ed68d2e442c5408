import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, type LabOptions, openLab } from '../../cli/lab/holdfast-lab.ts'
import { programPath } from '../../config/environment.ts'
import { PbxBench, type PbxBenchOptions } from './pbx-bench.ts'

const ROOT = join(import.meta.dirname, '../..')

export type LabBenchOptions = PbxBenchOptions & Pick<LabOptions, 'extensions' | 'phones' | 'attachedKeys' | 'settings' | 'append' | 'spool'> & {
  /** Done before Holdfast starts: more PBXs, more settings. */
  readonly prepare?: (lab: Lab) => Promise<void>
}

/** Holdfast beside a private Asterisk. */
export class LabBench extends PbxBench {
  readonly lab: Lab

  private constructor(lab: Lab, { directory, as = 'serve' }: { readonly directory: string } & Pick<LabBenchOptions, 'as'>) {
    const { asterisk, settingsFile, httpPort, recordingDirectory } = lab
    super(asterisk, { directory, settingsFile, httpPort, recordingDirectory, as })
    this.lab = lab
  }

  /** With Holdfast running and linked. */
  static async open(options: LabBenchOptions): Promise<LabBench> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-lab-'))
    const lab = await openLab({ ...options, directory, cacheDir: join(ROOT, '.cache'), searchPath: programPath(), report: () => undefined })
    const { between, prepare } = options
    return await new LabBench(lab, { ...options, directory }).begin({
      pbxPort: lab.asterisk.amiPort,
      ...(between === undefined ? {} : { between }),
      ...(prepare === undefined ? {} : { prepare: () => prepare(lab) }),
    })
  }
}
