import { hash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { Clock } from '../../core/ports/runtime.ts'

/** What the policy file says has a version and entries of its own. */
const NOT_SETTINGS: readonly (keyof Settings)[] = ['policy', 'policyText', 'policyProblems', 'attached']
/** Neither told nor digested: somebody would try words until one fits. */
const SECRETS = /^(?:secret|password|passphrase|token|key)$/i
/** Names in one entry; who changes more has another installation. */
const MOST_NAMES = 100

type Digests = Readonly<Record<string, string>>

/**
 * Tells the audit with which settings the service begins where they are other than at the last start: which changed, by name, and a digest
 * of all. No values, no secrets. The digests of the last start lie in the data directory; where they were removed, this is the first start.
 */
export async function tellConfigChange(settings: Settings, { audit, clock }: { readonly audit: Pick<AuditLog, 'append'>; readonly clock: Clock }): Promise<void> {
  const file = join(settings.dataDirectory, 'settings-seen.json')
  const before = await seenBefore(file)
  const now = digestsOf(settings)
  const changed = before === null ? [] : [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]).sort()
  if (before !== null && changed.length === 0) return
  const details = { digest: hash('sha256', JSON.stringify(now), 'hex'), first: before === null, count: changed.length, changed: changed.slice(0, MOST_NAMES).join(',') }
  const entry: AuditDraft = { at: clock.now(), actor: { type: 'system', id: settings.node.name }, action: 'config.changed', object: { type: 'config', id: settings.node.name }, outcome: 'ok', reason: null, details, personal: {} }
  // Told first: a change that is told twice is better than one that is not.
  await audit.append(entry)
  await writeFile(`${file}.part`, JSON.stringify(now), { mode: 0o600 })
  await rename(`${file}.part`, file)
}

/** Each setting under its name with the digest of its value. */
export function digestsOf(settings: Settings): Digests {
  const known = Object.entries(settings).filter(([name]) => !NOT_SETTINGS.some((other) => other === name))
  return Object.fromEntries(known.flatMap(([name, value]) => leaves(name, value)).map(([name, value]) => [name, hash('sha256', value, 'hex').slice(0, 16)]))
}

function leaves(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value instanceof URL) return [[name, value.href]]
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => leaves(`${name}[${nameOf(item) ?? index}]`, item))
  if (typeof value !== 'object' || value === null) return [[name, JSON.stringify(value) ?? '']]
  return Object.entries(value).filter(([key]) => !SECRETS.test(key)).flatMap(([key, inner]) => leaves(`${name}.${key}`, inner))
}

/** A PBX or a store keeps its name when another is put before it. */
function nameOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null
  if ('id' in item) return String(item.id)
  return 'name' in item ? String(item.name) : null
}

async function seenBefore(file: string): Promise<Digests | null> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof read === 'object' && read !== null ? Object.fromEntries(Object.entries(read).map(([name, digest]) => [name, String(digest)])) : null
  } catch (error) {
    // Not there, or half a file of another hand: told as the first start.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null
    throw error
  }
}
