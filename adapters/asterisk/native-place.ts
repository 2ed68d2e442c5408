import { posix } from 'node:path'
import type { ChannelId, PbxId } from '../../core/domain/ids.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { uriDecode } from './ami-text.ts'

/** Far more channels than an operator lets pile up; beyond it the oldest is no longer protected while another note of its channel is forgotten. */
const MAX_CHANNELS = 10_000
/** Longest foreign directory that is logged: enough to find it. */
const MAX_LOGGED_LENGTH = 400

export interface NativePlaceOptions {
  readonly pbxId: PbxId
  readonly recordingDirectory: string
  readonly runtime: Runtime
}

/**
 * Tells native recordings below our recording directory from those that the dialplan wrote elsewhere, because its `HOLDFAST_SPOOL` says
 * otherwise. Looked for by name, such a one would be taken for a call that was never answered, and its plaintext would stay for ever.
 */
export class NativePlace {
  readonly #options: NativePlaceOptions
  readonly #elsewhere = new Set<ChannelId>()

  constructor(options: NativePlaceOptions) {
    this.#options = options
  }

  /** @param notedDirectory - encoded; `null` from a dialplan that noted none yet: it is believed, as it was then */
  isHere(channelId: ChannelId, notedDirectory: string | null): boolean {
    const { pbxId, recordingDirectory, runtime } = this.#options
    if (notedDirectory === null) return true
    const noted = uriDecode(notedDirectory)
    if (plain(noted) === plain(recordingDirectory)) return true
    this.#remember(channelId)
    runtime.metrics.count('holdfast_native_elsewhere_total', { pbx: pbxId })
    runtime.log.error(
      { pbxId, channelId, noted: noted.slice(0, MAX_LOGGED_LENGTH), recordingDirectory },
      'a native recording lies in another directory than ours: HOLDFAST_SPOOL and recordingDirectory differ. It stays there, noted, until that is mended',
    )
    return false
  }

  /** Whether a note of this channel still says where sound lies. */
  isNoteNeeded(channelId: ChannelId): boolean {
    return this.#elsewhere.has(channelId)
  }

  /** The next resynchronisation tells all notes anew, mended ones too. */
  clear(): void {
    this.#elsewhere.clear()
  }

  #remember(channelId: ChannelId): void {
    this.#elsewhere.add(channelId)
    const [oldest] = this.#elsewhere
    if (this.#elsewhere.size > MAX_CHANNELS && oldest !== undefined) this.#elsewhere.delete(oldest)
  }
}

/** One spelling of a directory: `/spool//recording/` is `/spool/recording`. */
function plain(directory: string): string {
  return posix.normalize(directory).replace(/\/+$/, '')
}
