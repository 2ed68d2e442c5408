import { sealerTo } from '../../../core/crypto/sealer-to.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import type { PackageParts } from '../../../core/library/library.ts'
import type { ExportRegister } from '../../../core/ports/export-register.ts'
import { MemoryBlobStore } from './memory-blob-store.ts'

const over = (): Promise<never> => Promise.reject(new HoldfastError('JOB_LEASE_LOST', 'nothing is made here'))
const register: ExportRegister = {
  place: () => Promise.resolve('full'),
  find: () => Promise.resolve(null),
  list: () => Promise.resolve([]),
  lease: () => Promise.resolve(null),
  members: () => Promise.resolve([]),
  parts: () => Promise.resolve([]),
  addPart: over,
  hold: over,
  release: over,
  finish: over,
  cancel: () => Promise.resolve(false),
  over: () => Promise.resolve([]),
  forgetParts: () => Promise.resolve(),
}

/** Where no export has a place: they are a matter of a database's transactions, and are tried on one. */
export const NO_EXPORTS: PackageParts = {
  register, blobs: new MemoryBlobStore(), sealerTo, owner: 'nobody', wake: () => undefined,
  encoder: { opus: () => { throw new HoldfastError('ENCODER_MISSING', 'ffmpeg is not installed here') } },
}
