import { rm } from 'node:fs/promises'
import type { PrivatePbx } from '../../cli/lab/private-pbx.ts'
import { type BenchHome, HoldfastBench, redirect } from './holdfast-bench.ts'

/** What both kinds of lab let a test choose of Holdfast. */
export interface PbxBenchOptions extends Pick<BenchHome, 'as'> {
  /** Puts something between Holdfast and the port of its PBX; gives the port of that. */
  readonly between?: (pbxPort: number) => Promise<number>
}

interface Beginning extends Pick<PbxBenchOptions, 'between'> {
  /** Where the settings let Holdfast find its PBX. */
  readonly pbxPort: number
  readonly prepare?: () => Promise<void>
}

/** A private PBX, and Holdfast as a process of its own beside it, which may be killed and started again. Opened in `before`, closed in `after`. */
export abstract class PbxBench extends HoldfastBench implements AsyncDisposable {
  readonly directory: string
  readonly #settingsFile: string
  readonly #pbx: PrivatePbx

  protected constructor(pbx: PrivatePbx, home: Omit<BenchHome, 'sipAddress'>) {
    super({ ...home, sipAddress: pbx.sipAddress })
    this.directory = home.directory
    this.#settingsFile = home.settingsFile
    this.#pbx = pbx
  }

  /** Resolves with Holdfast running and linked. What fails to begin is taken away. */
  protected async begin({ pbxPort, between, prepare }: Beginning): Promise<this> {
    try {
      if (between !== undefined) await redirect(this.#settingsFile, pbxPort, await between(pbxPort))
      await prepare?.()
      await this.open()
      return this
    } catch (error) {
      await this[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    await this.#pbx[Symbol.asyncDispose]()
    await rm(this.directory, { recursive: true, force: true })
  }
}
