import type { ChannelId } from '../../core/domain/ids.ts'

/** What is known of files, each of one leg: with thousands of legs nobody looks through all of them for one. In the order in which they came. */
export class FilesByLeg<T extends { readonly channelId: ChannelId }> implements Iterable<[file: string, T]> {
  readonly #files = new Map<string, T>()
  readonly #ofLeg = new Map<ChannelId, Set<string>>()

  get(file: string): T | undefined {
    return this.#files.get(file)
  }

  has(file: string): boolean {
    return this.#files.has(file)
  }

  set(file: string, known: T): void {
    this.delete(file)
    this.#files.set(file, known)
    const files = this.#ofLeg.get(known.channelId) ?? new Set()
    this.#ofLeg.set(known.channelId, files.add(file))
  }

  delete(file: string): void {
    const known = this.#files.get(file)
    if (known === undefined) return
    this.#files.delete(file)
    const files = this.#ofLeg.get(known.channelId)
    files?.delete(file)
    if (files?.size === 0) this.#ofLeg.delete(known.channelId)
  }

  clear(): void {
    this.#files.clear()
    this.#ofLeg.clear()
  }

  /** Those of one leg. */
  of(channelId: ChannelId): readonly (readonly [file: string, T])[] {
    return [...this.#ofLeg.get(channelId) ?? []].flatMap((file) => {
      const known = this.#files.get(file)
      return known === undefined ? [] : [[file, known] as const]
    })
  }

  [Symbol.iterator](): IterableIterator<[file: string, T]> {
    return this.#files.entries()
  }
}
