import type { S3mini, UploadPart } from 's3mini'
import { onS3 } from './s3-failure.ts'

/** One blob on its way into a bucket: in one request when it is no larger than a part, else as a multipart upload. */
export class S3Parts {
  readonly #client: S3mini
  readonly #key: string
  readonly #partBytes: number
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #uploadId: string | null = null
  readonly #sent: UploadPart[] = []
  #sizeBytes = 0

  constructor(client: S3mini, key: string, partBytes: number) {
    this.#client = client
    this.#key = key
    this.#partBytes = partBytes
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  async write(piece: Uint8Array): Promise<void> {
    // Copied: a stream may use its buffer again.
    this.#waiting.push(Buffer.from(piece))
    this.#waitingBytes += piece.length
    this.#sizeBytes += piece.length
    // More than a part must wait: the last one must not be empty.
    if (this.#waitingBytes > this.#partBytes) await this.#send(this.#partBytes)
  }

  async end(): Promise<void> {
    while (this.#waitingBytes > this.#partBytes) await this.#send(this.#partBytes)
    if (this.#uploadId === null) {
      const body = this.#take(this.#waitingBytes)
      await onS3(() => this.#client.putObject(this.#key, body))
      return
    }
    await this.#send(this.#waitingBytes)
    const uploadId = this.#uploadId
    await onS3(() => this.#client.completeMultipartUpload(this.#key, uploadId, this.#sent))
    this.#uploadId = null
  }

  /** Nothing stays of an upload that did not end. */
  async abort(): Promise<void> {
    const uploadId = this.#uploadId
    if (uploadId !== null) await onS3(() => this.#client.abortMultipartUpload(this.#key, uploadId))
  }

  async #send(sizeBytes: number): Promise<void> {
    const uploadId = this.#uploadId ??= await onS3(() => this.#client.getMultipartUploadId(this.#key))
    const body = this.#take(sizeBytes)
    this.#sent.push(await onS3(() => this.#client.uploadPart(this.#key, uploadId, body, this.#sent.length + 1)))
  }

  #take(sizeBytes: number): Buffer {
    const all = Buffer.concat(this.#waiting)
    this.#waiting = [all.subarray(sizeBytes)]
    this.#waitingBytes = all.length - sizeBytes
    return all.subarray(0, sizeBytes)
  }
}
