import { settingsJsonSchema } from '../settings-docs.ts'
import { policyFileSchema } from './policy-file-schema.ts'

/** What editors complete and check a policy file by. What holds between several parts of a file, only `holdfast policy check` knows. */
export function policyJsonSchema(): string {
  return settingsJsonSchema(policyFileSchema)
}
