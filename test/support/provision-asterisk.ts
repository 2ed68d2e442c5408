import { join } from 'node:path'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'

/** Once, before any file runs: two files that begin at once would each fetch it. What keeps it from being there, each suite says itself. */
export async function mochaGlobalSetup(): Promise<void> {
  try {
    await findOrProvisionAsterisk({ cacheDir: join(import.meta.dirname, '../../.cache/asterisk'), report: (line) => console.error(line) })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
}
