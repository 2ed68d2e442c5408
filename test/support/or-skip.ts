import { env } from 'node:process'
import type { Context } from 'mocha'

/** What a suite needs. Where it cannot be had, the suite is skipped with a loud word, and fails where `CI` is set: the one place that skips for a server or a command. */
export async function orSkip<T>(context: Context, what: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    if (env['CI'] !== undefined && env['CI'] !== '') throw error
    console.error(`    SKIPPED: no ${what}: ${String(error)}`)
    return context.skip()
  }
}
