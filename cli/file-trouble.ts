import { HoldfastError } from '../core/domain/errors.ts'

/** What the system's codes mean to whoever named the file. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EEXIST: 'it is there already',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is not a directory',
  EPERM: 'this user may not',
  EROFS: 'its file system can only be read',
}

/** The system's code of a failed read or write, such as `ENOENT`; `null` for another error. */
export function fileCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
}

/** What a code of the system means; itself where nobody has said. */
export function wordsOf(code: string): string {
  return WORDS[code] ?? code
}

/** Why a file could not be read or written: in words, or by the system's code. */
export function fileTrouble(cause: unknown): string {
  return wordsOf(fileCode(cause) ?? 'unknown')
}

/** A file that somebody named, and that is not to be had. */
export function unreadable(file: string, cause: unknown, code: 'CONFIG_INVALID' | 'KEY_FILE_INVALID' = 'CONFIG_INVALID'): HoldfastError {
  const reason = fileTrouble(cause)
  return new HoldfastError(code, `${file} cannot be read: ${reason}`, { place: file, reason }, { cause })
}
