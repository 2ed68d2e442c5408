import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, type LabOptions, openLab } from '../../cli/lab/holdfast-lab.ts'
import { programPath } from '../../config/environment.ts'
import { HoldfastBench, redirect } from './holdfast-bench.ts'
import type { HoldfastProcessOptions } from './holdfast-process.ts'

const ROOT = join(import.meta.dirname, '../..')

export type LabBenchOptions = Pick<LabOptions, 'extensions' | 'phones' | 'attachedKeys' | 'settings' | 'append' | 'spool'> & {
  readonly as?: HoldfastProcessOptions['as']
  /** Puts something between Holdfast and the manager interface at this port; gives the port of that. */
  readonly between?: (amiPort: number) => Promise<number>
  /** Done before Holdfast starts: more PBXs, more settings. */
  readonly prepare?: (lab: Lab) => Promise<void>
}

/** A private Asterisk, and Holdfast as a process of its own beside it, which may be killed and started again. Opened in `before`, closed in `after`. */
export class LabBench extends HoldfastBench implements AsyncDisposable {
  readonly lab: Lab
  readonly directory: string

  private constructor(lab: Lab, { directory, as = 'serve' }: { readonly directory: string } & Pick<LabBenchOptions, 'as'>) {
    super({ directory, settingsFile: lab.settingsFile, httpPort: lab.httpPort, sipAddress: lab.asterisk.sipAddress, recordingDirectory: lab.recordingDirectory, as })
    this.lab = lab
    this.directory = directory
  }

  /** With Holdfast running and linked. */
  static async open(options: LabBenchOptions): Promise<LabBench> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-lab-'))
    const lab = await openLab({ ...options, directory, cacheDir: join(ROOT, '.cache'), searchPath: programPath(), report: () => undefined })
    const bench = new LabBench(lab, { ...options, directory })
    try {
      await mkdir(bench.temporaryDirectory)
      if (options.between !== undefined) await redirect(lab.settingsFile, lab.asterisk.amiPort, await options.between(lab.asterisk.amiPort))
      await options.prepare?.(lab)
      await bench.open()
      return bench
    } catch (error) {
      await bench[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.lab.asterisk[Symbol.asyncDispose]()
    await rm(this.directory, { recursive: true, force: true })
  }
}
