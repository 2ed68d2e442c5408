import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isMap } from '../../config/leaves.ts'
import { whyUnreadable } from '../../config/named-files.ts'
import { readYaml } from '../../config/yaml-source.ts'
import { type Check, checksOf } from './check.ts'

/** Settings that name a file with a secret, and those that are one. */
const FILES: ReadonlySet<string> = new Set(['secretFile', 'passwordFile', 'passphraseFile'])
const SECRETS: ReadonlySet<string> = new Set(['secret', 'password'])
/** Permission bits of others: a group may be ours on purpose. */
const OTHERS = 0o007

/** Whether strangers on this machine can read the secrets of the PBXs: whoever has AMI's is as good as root there. */
export async function checkSecrets(settingsFile: string): Promise<readonly Check[]> {
  const { ok, warn } = checksOf('secrets')
  const { value } = readYaml(await readFile(settingsFile, 'utf8'))
  const policyFile = isMap(value) && typeof value['policyFile'] === 'string' ? resolve(dirname(settingsFile), value['policyFile']) : null
  const open: string[] = []
  for (const file of [...secretFiles(value, settingsFile), ...(policyFile === null ? [] : await samplingKeyOf(policyFile))]) {
    const mode = (await stat(file)).mode
    if ((mode & OTHERS) !== 0) open.push(file)
  }
  return open.length === 0
    ? [ok('what holds secrets is closed to other users of this machine')]
    : open.map((file) => warn(`${file} holds a secret, and every user of this machine may get at it`, `chmod o= ${file}   (mode 640, its group that of the service)`))
}

/** Who knows the key of `percent` can tell beforehand which calls are drawn. That the policy cannot be read is told elsewhere. */
async function samplingKeyOf(policyFile: string): Promise<readonly string[]> {
  if (whyUnreadable(policyFile) !== null) return []
  const { value } = readYaml(await readFile(policyFile, 'utf8'))
  const sampling = isMap(value) ? value['sampling'] : null
  const key = isMap(sampling) && typeof sampling['keyFile'] === 'string' ? resolve(dirname(policyFile), sampling['keyFile']) : null
  return key === null || whyUnreadable(key) !== null ? [] : [key]
}

/** The files that hold secrets: those that are named, and the settings themselves where one stands in them. */
export function secretFiles(value: unknown, settingsFile: string): readonly string[] {
  return [...new Set(entriesOf(value).flatMap(([name, text]) => {
    if (FILES.has(name)) return [resolve(dirname(settingsFile), text)]
    return SECRETS.has(name) ? [resolve(settingsFile)] : []
  }))]
}

function entriesOf(value: unknown): readonly (readonly [name: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, below]: [string, unknown]) => typeof below === 'string' ? [[name, below] as const] : entriesOf(below))
}
