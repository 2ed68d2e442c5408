import { readFileSync, writeFileSync } from 'node:fs'
import { policyJsonSchema } from './policy-json-schema.ts'

/** Writes the JSON Schema of policy files for editors; with `--check`: tells whether it is fresh, and writes nothing. */
const FILE = new URL('../../docs/policy.schema.json', import.meta.url)

if (!process.argv.includes('--check')) writeFileSync(FILE, policyJsonSchema())
else if (readFileSync(FILE, 'utf8') !== policyJsonSchema()) {
  console.error(`${FILE.pathname} is stale: run \`node config/policy/write-schema.ts\``)
  process.exitCode = 1
}
