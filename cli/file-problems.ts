import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { type Problem, problemLines } from '../config/problem.ts'
import { checkRetentionFile } from '../config/retention/read-retention.ts'
import type { Settings } from '../config/settings.ts'
import { isHoldfastError } from '../core/domain/errors.ts'
import { readOperations } from './operations-file.ts'

type Named = Pick<Settings, 'retention' | 'http'>

/** What is wrong with what stands in files that the settings name, read as `serve` reads it: all of it, not only the first. Keys and the policy have checks of their own. */
export async function fileProblems({ retention: { rulesFile }, http: { operationsFile, tls } }: Named): Promise<readonly Problem[]> {
  return [
    ...(rulesFile === null ? [] : problemsOfRetention(rulesFile)),
    ...(operationsFile === null ? [] : await problemsOfOperations(operationsFile)),
    ...(tls === null ? [] : await problemsOfTls(tls)),
  ]
}

function problemsOfRetention(file: string): readonly Problem[] {
  const check = checkRetentionFile(file)
  return check.outcome === 'valid' ? [] : problemLines(check.problems).map((line) => ({ path: 'retention.rulesFile', message: `${file}: ${line}`, position: null }))
}

async function problemsOfOperations(file: string): Promise<readonly Problem[]> {
  try {
    await readOperations(file)
    return []
  } catch (error) {
    if (!isHoldfastError(error)) throw error
    // The message names the setting; so does the path.
    return [{ path: 'http.operationsFile', message: error.message.replace(/^http\.operationsFile: /, ''), position: null }]
  }
}

/** That they can be read is known by now; the words of OpenSSL name no byte of the key. */
async function problemsOfTls({ certFile, keyFile }: NonNullable<Settings['http']['tls']>): Promise<readonly Problem[]> {
  try {
    createSecureContext({ cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8'), minVersion: 'TLSv1.2' })
    return []
  } catch (error) {
    return [{ path: 'http.tls', message: `${certFile} and ${keyFile} are no certificate with its key: ${error instanceof Error ? error.message : String(error)}`, position: null }]
  }
}
