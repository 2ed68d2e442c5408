import type { Settings } from '../../config/settings.ts'
import { placedName } from '../../core/domain/blob-place.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { openBlobs } from '../open-blobs.ts'
import { type Check, checksOf } from './check.ts'

const GIB = 1024 ** 3
/** A day of a hundred lines. A guess. */
const WARN_BELOW_BYTES = 10 * GIB

/** Whether the store of the archive answers, keeps a small object, gives it back as it was, and lets go of it again. */
export async function checkArchive(settings: Pick<Settings, 'archive' | 'objects' | 'stores'>): Promise<readonly Check[]> {
  const { archive, stores } = settings
  if (archive === null) return []
  const { ok, warn, fail } = checksOf('archive')
  const { blobs, each } = openBlobs(settings)
  const name = placedName(archive.store, '0.doctor')
  try {
    await blobs.put(name, tried())
    const back = await blobs.open(name)
    if (back === null) return [fail(`the store ${archive.store} does not give back what it was given`, 'Without that nothing is archived: look at the store.')]
    if (archive.erasable) await blobs.remove(name)
    const free = await each[1 + stores.findIndex((store) => store.name === archive.store)]?.freeBytes() ?? null
    const told = `the store ${archive.store} takes objects and gives them back${free === null ? '' : `; ${(free / GIB).toFixed(1)} GiB free`}`
    return [free !== null && free < WARN_BELOW_BYTES ? warn(told, 'Make room before the next retention run.') : ok(told)]
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    return [fail(`the store ${archive.store} does not work: ${error.message} (${String(error.details['system'] ?? error.details['status'] ?? error.code)})`, 'Nothing is archived until it does: recordings stay where they are. Check `stores`, its key and its rights (docs/archive.md).')]
  }
}

async function* tried(): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(Buffer.from('holdfast doctor'))
}
