/** A random-access reader of one immutable blob. */
export interface BlobReader {
  readonly sizeBytes: number
  /**
   * The bytes `[start, end)`, never fewer.
   * @throws HoldfastError `BLOB_RANGE` beyond the end; `BLOB_NOT_FOUND`; `STORE_FAILED` (retry)
   */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** Sealed bytes by name. Names: 1 to 64 of `0-9a-z.-`, beginning with a letter or digit, made by us alone. */
export interface BlobStore {
  /**
   * Stores the bytes durably under the name; nothing is visible before all of them are. A blob that is there already is replaced whole.
   * @throws HoldfastError `STORE_FAILED` (retry); nothing is left then. An error of `bytes` is thrown on as it is
   */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }>
  /** `null` when it is not there. */
  open(name: string): Promise<BlobReader | null>
  /** Destroys it. A blob that is gone already is no error. */
  remove(name: string): Promise<void>
  freeBytes(): Promise<number | null>
}
