import { readFileSync, writeFileSync } from 'node:fs'
import { settingsJsonSchema } from '../settings-docs.ts'
import { retentionFileSchema } from './retention-file-schema.ts'

/** Writes the JSON Schema of retention files for editors; with `--check`: tells whether it is fresh, and writes nothing. */
const FILE = new URL('../../docs/retention.schema.json', import.meta.url)
const fresh = settingsJsonSchema(retentionFileSchema)

if (!process.argv.includes('--check')) writeFileSync(FILE, fresh)
else if (readFileSync(FILE, 'utf8') !== fresh) {
  console.error(`${FILE.pathname} is stale: run \`node config/retention/write-schema.ts\``)
  process.exitCode = 1
}
