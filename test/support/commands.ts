import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import type { Context } from 'mocha'

/**
 * A command that a test needs. Missing: the test is skipped with a loud word, and fails where `CI` is set.
 * @returns its path
 */
export function requireCommand(context: Context, command: string, debianPackage: string): string {
  const found = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command)).find(isExecutable)
  if (found !== undefined) return found
  const message = `the command "${command}" is not on the PATH (Debian package ${debianPackage})`
  if (env['CI'] !== undefined && env['CI'] !== '') throw new Error(message)
  console.error(`    SKIPPED: ${message}`)
  context.skip()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
