import { readFileSync, writeFileSync } from 'node:fs'
import { settingsJsonSchema, settingsMarkdown } from './settings-docs.ts'
import { settingsSchema } from './settings-schema.ts'

/** Writes the documents of the settings; with `--check`: tells whether they are fresh, and writes nothing. */
const DOCUMENTS = [
  { file: new URL('../docs/settings.md', import.meta.url), text: settingsMarkdown(settingsSchema) },
  { file: new URL('../docs/settings.schema.json', import.meta.url), text: settingsJsonSchema(settingsSchema) },
] as const

for (const { file, text } of DOCUMENTS) {
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file.pathname} is stale: run \`node config/write-docs.ts\``)
    process.exitCode = 1
  }
}
