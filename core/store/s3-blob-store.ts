import { createHash } from 'node:crypto'
import { S3mini } from 's3mini'
import { HoldfastError } from '../domain/errors.ts'
import type { BlobReader, BlobStore } from '../ports/blob-store.ts'
import { onS3, unlessNotThere } from './s3-failure.ts'
import { S3Parts } from './s3-parts.ts'
import { uploadsOf } from './s3-uploads.ts'

export interface S3Place {
  /** Scheme, host and port; buckets are addressed by path. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  /** Before each name; empty, or ends in a slash. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Options {
  readonly place: S3Place
  readonly fetch: typeof fetch
  /** How much is sent at once; a whole blob that is no larger goes in one request. */
  readonly partBytes?: number
}

const NAME = /^[0-9a-z][0-9a-z.-]{0,63}$/
/** One part in memory for each blob that is being stored. 10,000 of them are the most that a blob may have: 78 GB. Source: Amazon S3 multipart upload limits, 5 MiB the least */
const PART_BYTES = 8 * 1024 * 1024

/**
 * Blobs in a bucket of an S3 service. One appears under its name when all its bytes are there: it is one request, or a multipart upload
 * that is completed at the end. What is sent carries digests that the service checks (s3-fetch.ts), and its size is asked for at the end.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3mini
  readonly #prefix: string
  readonly #partBytes: number

  constructor({ place: { endpoint, bucket, region, prefix, accessKeyId, secretAccessKey }, fetch, partBytes = PART_BYTES }: S3Options) {
    // No logger: the client writes whole requests to one.
    this.#client = new S3mini({ accessKeyId, secretAccessKey, endpoint: `${endpoint}/${bucket}`, region, fetch })
    this.#prefix = prefix
    this.#partBytes = partBytes
  }

  async put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
    const key = this.#keyOf(name)
    const hash = createHash('sha256')
    const parts = new S3Parts(this.#client, key, this.#partBytes)
    try {
      for await (const piece of bytes) {
        hash.update(piece)
        await parts.write(piece)
      }
      await parts.end()
    } catch (error) {
      // What cannot be taken back now is left to the sweep: the first failure is the one to tell.
      await Promise.allSettled([parts.abort()])
      throw error
    }
    const stored = await this.#sizeOf(key)
    if (stored !== parts.sizeBytes) throw new HoldfastError('STORE_FAILED', 'the S3 store has not what it was sent', { sizeBytes: parts.sizeBytes, stored })
    return { sizeBytes: parts.sizeBytes, sha256: hash.digest('hex') }
  }

  async open(name: string): Promise<BlobReader | null> {
    const key = this.#keyOf(name)
    const sizeBytes = await this.#sizeOf(key)
    return sizeBytes === null ? null : new S3Reader(this.#client, key, sizeBytes)
  }

  /** Where the bucket keeps versions, those too: a deletion that leaves the bytes there is none. */
  async remove(name: string): Promise<void> {
    const key = this.#keyOf(name)
    const gone = await unlessNotThere(() => this.#client.deleteObject(key, { versionInfo: true }))
    if (gone === null || (gone.deleteMarker !== true && gone.versionId === undefined)) return
    const versions = await onS3(() => this.#client.listObjectVersions(key))
    for (const { Key, VersionId: versionId } of versions ?? []) {
      if (Key === key && versionId !== undefined) await onS3(() => this.#client.deleteObject({ key, versionId }))
    }
  }

  /** A bucket has no end that it tells. */
  freeBytes(): Promise<null> {
    return Promise.resolve(null)
  }

  /**
   * Gives up uploads that did not end and that nobody can be at any more; a process that was killed leaves them, and they cost room unseen.
   * @returns how many were given up
   */
  async sweep(before: Date): Promise<number> {
    const answer = await onS3(() => this.#client.listMultipartUploads('/', '', 'GET', this.#prefix === '' ? {} : { prefix: this.#prefix }))
    const old = uploadsOf(answer).filter(({ key, begunAt }) => key.startsWith(this.#prefix) && NAME.test(key.slice(this.#prefix.length)) && begunAt < before)
    for (const { key, uploadId } of old) await unlessNotThere(() => this.#client.abortMultipartUpload(key, uploadId))
    return old.length
  }

  /** `null`: not there. That the bucket is missing is a failure, and must not read as "no blob". */
  async #sizeOf(key: string): Promise<number | null> {
    const size = await unlessNotThere(() => this.#client.getContentLength(key))
    if (size === null && !await onS3(() => this.#client.bucketExists())) throw new HoldfastError('STORE_FAILED', 'there is no such bucket, or it may not be seen')
    return size
  }

  #keyOf(name: string): string {
    // Names are made by us alone: another one is a bug, and must not become a path.
    if (!NAME.test(name)) throw new TypeError('not a name of a blob')
    return `${this.#prefix}${name}`
  }
}

class S3Reader implements BlobReader {
  readonly sizeBytes: number
  readonly #client: S3mini
  readonly #key: string

  constructor(client: S3mini, key: string, sizeBytes: number) {
    this.#client = client
    this.#key = key
    this.sizeBytes = sizeBytes
  }

  async *read(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= this.sizeBytes)) {
      throw new HoldfastError('BLOB_RANGE', 'a range lies outside of its blob', { start, end, sizeBytes: this.sizeBytes })
    }
    if (start === end) return
    const answer = await unlessNotThere(() => this.#client.getObjectRaw(this.#key, false, start, end))
    if (answer === null) throw new HoldfastError('BLOB_NOT_FOUND', 'a blob is gone')
    // A server that does not know ranges sends the whole.
    if (answer.status !== 206 || answer.body === null) {
      await answer.body?.cancel()
      throw new HoldfastError('STORE_FAILED', 'the S3 store does not answer with the range that was asked for', { status: answer.status })
    }
    let left = end - start
    for await (const piece of piecesOf(answer.body)) {
      left -= piece.length
      if (left < 0) break
      yield piece
    }
    if (left !== 0) throw new HoldfastError('STORE_FAILED', 'the S3 store sent another number of bytes than were asked for', { start, end })
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await onS3(() => reader.read())
      if (done) return
      yield value
    }
  } finally {
    // Who stops early needs no more of it; a stream that broke cannot be cancelled.
    await Promise.allSettled([reader.cancel()])
  }
}
