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

/** Why a file could not be read or written: in words, or by the system's code. */
export function fileTrouble(cause: unknown): string {
  const code = fileCode(cause) ?? 'unknown'
  return WORDS[code] ?? code
}
