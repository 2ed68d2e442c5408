/** One file that the PBX wrote, or is writing. `name` is relative to the spool's root, with `/` between parts. */
export interface SpoolFile {
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAt: Date
}

/** What the PBX wrote: the only place where plaintext lies. A directory that both share, or the PBX's HTTP interface. */
export interface RecordingSource {
  /** Files of recordings, also those still being written. */
  list(signal: AbortSignal): Promise<readonly SpoolFile[]>
  /** `null` when it is not there. */
  stat(name: string, signal: AbortSignal): Promise<SpoolFile | null>
  /**
   * The bytes from the beginning, once, in order. May be called again for another pass.
   * @throws HoldfastError `SPOOL_FILE_MISSING`
   */
  open(name: string, signal: AbortSignal): Promise<{ readonly sizeBytes: number; readonly bytes: AsyncIterable<Uint8Array> }>
  /** Destroys it. A file that is gone already is no error. */
  remove(name: string, signal: AbortSignal): Promise<void>
  /** Free space where the PBX writes, or `null` when it cannot be known from here. */
  freeBytes(): Promise<number | null>
}
