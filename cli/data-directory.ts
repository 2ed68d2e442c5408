import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { HoldfastError } from '../core/domain/errors.ts'
import { fileCode, fileTrouble } from './file-trouble.ts'

/** How root makes a data directory that the service may write. */
export function dataDirectoryAdvice(directory: string): string {
  return `install -d -o holdfast -g holdfast -m 0700 ${directory}, and run this command as that user`
}

/** Makes the data directory where it is not there yet. @throws HoldfastError `CONFIG_INVALID` when it cannot be made, or this user may not write into it */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    // `mkdir -p` tells of a directory that is there with success: what is there already is something else.
    const why = fileCode(cause) === 'EEXIST' ? 'it is there, and is no directory' : fileTrouble(cause)
    throw new HoldfastError('CONFIG_INVALID', `dataDirectory: ${directory} cannot be made or written: ${why}. As root: ${dataDirectoryAdvice(directory)}`, { directory }, { cause })
  }
}
