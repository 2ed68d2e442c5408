import type { SettingPath } from '../schema-walk.ts'

/** Deeper than any policy; within it, everything that walks the file by recursion is safe. */
export const MAX_NESTING = 64

/**
 * What must be refused before the schema looks: nesting that would exhaust the stack, and keys named `__proto__`, which zod passes
 * over in silence (seen with zod 4.6: a record drops them), so that a condition would be missing from its rule.
 */
export function plainFaults(value: unknown): readonly { readonly path: SettingPath; readonly message: string }[] {
  const faults: { readonly path: SettingPath; readonly message: string }[] = []
  const open: { readonly value: unknown; readonly path: SettingPath }[] = [{ value, path: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: held, path } = next
    if (typeof held !== 'object' || held === null) continue
    if (path.length > MAX_NESTING) {
      faults.push({ path, message: `lies more than ${MAX_NESTING} deep` })
      continue
    }
    for (const [key, inner] of Object.entries(held)) {
      const below = [...path, Array.isArray(held) ? Number(key) : key]
      if (key === '__proto__') faults.push({ path: below, message: 'is no name that may stand here' })
      open.push({ value: inner, path: below })
    }
  }
  return faults
}
