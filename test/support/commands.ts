import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import type { Context } from 'mocha'
import { unpackedDebianPackage } from './debian-package.ts'
import { orSkip } from './or-skip.ts'

/**
 * A command that a test needs. Where it cannot be had, the test is skipped with a loud word, and fails where `CI` is set.
 * @returns its path
 */
export async function requireCommand(context: Context, command: string, debianPackage: string): Promise<string> {
  return await orSkip(context, `"${command}" on the PATH, nor from Debian's package ${debianPackage}`, () => findCommand(command, debianPackage))
}

/** The command on the PATH, or that of Debian's package, unpacked for us. @throws Error when there is neither */
export async function findCommand(command: string, debianPackage: string): Promise<string> {
  return commandOnPath(command) ?? join(await unpackedDebianPackage(debianPackage, say), 'usr/bin', command)
}

export function commandOnPath(command: string): string | null {
  return (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command)).find(isExecutable) ?? null
}

function say(line: string): void {
  console.error(`    ${line}`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
