import { accessSync, constants, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { isOneLine } from './leaves.ts'
import { leavesOf, type SettingPath } from './schema-walk.ts'
import { secretOf } from './secrets.ts'

/** What is wrong with the files that settings name and that have to be there at start. */
export function faultsOfFiles(schema: z.core.$ZodType, value: unknown, base: string): readonly { readonly path: SettingPath; readonly message: string }[] {
  return leavesOf(schema, value).flatMap(({ path, value: named, meta }) => {
    if (meta.path === undefined || meta.path === 'any' || typeof named !== 'string' || named === '' || named.includes('\0')) return []
    const file = resolve(base, named)
    const reason = whyUnreadable(file)
    if (reason !== null) return [{ path, message: `${file} cannot be read: ${reason}` }]
    return meta.path === 'secret' && !holdsSecret(file) ? [{ path, message: `${file} does not hold a secret: it must be one line of text, and nothing else` }] : []
  })
}

/** Why this user cannot read the file, or `null` when they can. */
export function whyUnreadable(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return 'it is not a file'
    accessSync(file, constants.R_OK)
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return REASONS[code] ?? code
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  ENOTDIR: 'a part of its path is not a directory',
}

/** A secret is a line; a larger file is not even read. */
const MAX_SECRET_FILE_BYTES = 4096

function holdsSecret(file: string): boolean {
  return statSync(file).size <= MAX_SECRET_FILE_BYTES && isOneLine(secretOf(undefined, file))
}
