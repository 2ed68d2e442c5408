import { storeOfName } from '../domain/blob-place.ts'
import { HoldfastError } from '../domain/errors.ts'
import type { BlobReader, BlobStore } from '../ports/blob-store.ts'

/**
 * The stores of an installation behind one: a blob's name says where it lies, so that the recording's row says it, too, and whoever reads it
 * finds it though its PBX has another store by now.
 */
export class PlacedBlobStore implements BlobStore {
  readonly #own: BlobStore
  readonly #named: ReadonlyMap<string, BlobStore>

  constructor(own: BlobStore, named: ReadonlyMap<string, BlobStore>) {
    this.#own = own
    this.#named = named
  }

  /** @throws HoldfastError `STORE_FAILED` also for a store that the settings name no more */
  async put(name: string, bytes: AsyncIterable<Uint8Array>): ReturnType<BlobStore['put']> {
    return await this.#of(name).put(name, bytes)
  }

  /** As {@link put}. */
  async open(name: string): Promise<BlobReader | null> {
    return await this.#of(name).open(name)
  }

  async remove(name: string): Promise<void> {
    await this.#of(name).remove(name)
  }

  /** Of the fullest. */
  async freeBytes(): Promise<number | null> {
    const free = await Promise.all([this.#own, ...this.#named.values()].map((store) => store.freeBytes()))
    const known = free.filter((bytes) => bytes !== null)
    return known.length === 0 ? null : Math.min(...known)
  }

  #of(name: string): BlobStore {
    const store = storeOfName(name)
    const found = store === null ? this.#own : this.#named.get(store)
    if (found === undefined) throw new HoldfastError('STORE_FAILED', 'the settings name no store of this name', { store })
    return found
  }
}
