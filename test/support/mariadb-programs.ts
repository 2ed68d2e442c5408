import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, unpackedArchives, type Wanted } from './debian-archives.ts'

const MARIADB: Wanted = { cache: 'mariadb', packages: ['mariadb-server-core'], note: 'fetching MariaDB for the tests (about 8 MB, once)' }

/** A MariaDB that can be run: `root` is `/` or the folder into which it was unpacked. */
export interface MariadbPrograms {
  readonly root: string
  readonly server: string
  /** The server's messages and the statements that make its own tables. */
  readonly share: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The machine's MariaDB, or Debian's package, fetched once into `.cache/` and unpacked into `folder`: nothing is installed,
 * and no root is needed.
 * @throws Error when there is neither
 */
export async function mariadbPrograms(folder: string, report: (line: string) => void): Promise<MariadbPrograms> {
  const installed = await programsBelow('/')
  if (installed !== null) return installed
  const root = join(folder, 'root')
  await unpackedArchives(MARIADB, root, report)
  const unpacked = await programsBelow(root)
  if (unpacked === null) throw new Error('the package holds no MariaDB server')
  return unpacked
}

async function programsBelow(root: string): Promise<MariadbPrograms | null> {
  const server = await firstThere([join(root, 'usr/sbin/mariadbd')])
  const script = await firstThere(['mysql', 'mariadb'].map((name) => join(root, 'usr/share', name, 'mysql_system_tables.sql')))
    ?? await firstThere(['mysql', 'mariadb'].map((name) => join(root, 'usr/share', name, 'mariadb_system_tables.sql')))
  if (server === null || script === null) return null
  const libraries = root === '/' ? [] : (await readdir(join(root, 'usr/lib'))).map((name) => join(root, 'usr/lib', name))
  return { root, server, share: join(script, '..'), environment: libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') } }
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (await isThere(path)) return path
  }
  return null
}
