import { createHash } from 'node:crypto'
import { constants, openAsBlob } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { unreadable } from '../file-trouble.ts'
import { type FoundFile, readPackage, type VerifiedPackage, verifyPackage, type VerifyQuestion } from '../../core/library/export/package-verify.ts'

/** A package as one file, or the folder where it was unpacked. @throws HoldfastError `CONFIG_INVALID` when it cannot be read */
export async function verifyFile(path: string, { trustedKeyPem, auditKeys }: Pick<VerifyQuestion, 'trustedKeyPem' | 'auditKeys'>, progress: (doneBytes: number, of: number) => void): Promise<VerifiedPackage> {
  try {
    const isFolder = (await stat(path)).isDirectory()
    // A blob of a file that may not be read says so with its first byte, and without a code of the system.
    await access(path, constants.R_OK)
    const read = isFolder ? { files: await filesIn(path), faults: [] } : await readPackage(await openAsBlob(path))
    const of = read.files.reduce((sum, { content }) => sum + content.size, 0)
    let done = 0
    const sha256 = async (content: Blob): Promise<string> => {
      const hash = createHash('sha256')
      for await (const piece of content.stream()) {
        hash.update(piece)
        done += piece.length
        progress(done, of)
      }
      return hash.digest('hex')
    }
    return await verifyPackage({ ...read, origin: isFolder ? 'files' : 'archive', sha256, trustedKeyPem, auditKeys })
  } catch (cause) {
    if (cause instanceof HoldfastError || !(cause instanceof Error && 'code' in cause)) throw cause
    throw unreadable(path, cause)
  }
}

async function filesIn(folder: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: FoundFile[] = []
  // What is neither file nor folder has no place in a package: it is read as what it is not, and does not fit.
  for (const entry of entries.filter((found) => !found.isDirectory())) {
    const path = join(entry.parentPath, entry.name)
    files.push({ name: relative(folder, path).split(sep).join('/'), content: entry.isFile() ? await openAsBlob(path) : new Blob([]) })
  }
  return files
}
