import type { Settings } from '../config/settings.ts'
import { DirectoryBlobStore } from '../core/store/directory-blob-store.ts'
import { PlacedBlobStore } from '../core/store/placed-blob-store.ts'

/** The object stores of the settings, behind one. */
export function openBlobs({ objects, stores }: Pick<Settings, 'objects' | 'stores'>): { readonly blobs: PlacedBlobStore; readonly directories: readonly DirectoryBlobStore[] } {
  const own = new DirectoryBlobStore(objects.path)
  const named = stores.map(({ name, path }) => [name, new DirectoryBlobStore(path)] as const)
  return { blobs: new PlacedBlobStore(own, new Map(named)), directories: [own, ...named.map(([, store]) => store)] }
}
