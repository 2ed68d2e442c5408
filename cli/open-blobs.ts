import type { Settings } from '../config/settings.ts'
import type { StoreSettings } from '../config/store-settings.ts'
import type { BlobStore } from '../core/ports/blob-store.ts'
import { DirectoryBlobStore } from '../core/store/directory-blob-store.ts'
import { PlacedBlobStore } from '../core/store/placed-blob-store.ts'
import { S3BlobStore } from '../core/store/s3-blob-store.ts'
import { s3Fetch } from '../core/store/s3-fetch.ts'

/** A part of 8 MB over a line of 1 Mbit/s takes 70 s. */
const S3_DEADLINE_MS = 120_000

/** A store in which uploads that did not end may lie. */
export type SweptBlobStore = BlobStore & { sweep(before: Date): Promise<number> }

/** The object stores of the settings, behind one. */
export function openBlobs({ objects, stores }: Pick<Settings, 'objects' | 'stores'>): { readonly blobs: PlacedBlobStore; readonly each: readonly SweptBlobStore[] } {
  const own = openStore(objects)
  const named = stores.map((store) => [store.name, openStore(store)] as const)
  return { blobs: new PlacedBlobStore(own, new Map(named)), each: [own, ...named.map(([, store]) => store)] }
}

export function openStore(settings: StoreSettings): SweptBlobStore {
  if (settings.type === 'directory') return new DirectoryBlobStore(settings.path)
  return new S3BlobStore({ place: settings, fetch: s3Fetch({ caPem: settings.caPem, deadlineMs: S3_DEADLINE_MS }).fetch })
}
